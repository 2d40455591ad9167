import RSOCommands
import RSORuns
import RSOTensorFiles
import TensorAnalysis
import Testing

@Suite("Reports of differences between files of tensors")
struct FileDifferenceReportTests {
  private func file(_ tensors: [NamedTensor], unreadable: [String] = []) -> TensorFile {
    var file = TensorFile(TensorList(tensors: tensors), path: "x", format: .safetensors)
    file.entries += unreadable.map {
      TensorEntry(name: $0, type: .other("object"), shape: nil, unreadable: "it is an object")
    }
    return file
  }

  private func report(
    _ first: TensorFile, _ second: TensorFile,
    _ change: (inout FileDifference.Options) -> Void = { _ in }
  ) -> (status: Int32, FileDifferenceReport) {
    var options = FileDifference.Options()
    change(&options)
    let difference = FileDifference(first, second, options: options, threads: 2)
    return (
      difference.status, FileDifferenceReport(first: "a", second: "b", difference: difference)
    )
  }

  private var first: TensorFile {
    file([
      NamedTensor(name: "conv.weight", shape: [1, 2], values: [3, 4]),
      NamedTensor(name: "conv.bias", shape: [1], values: [1]),
      NamedTensor(name: "fc.weight", shape: [2], values: [1, 1]),
      NamedTensor(name: "fc.bias", shape: [2], values: [1, 1]),
      NamedTensor(name: "steps", shape: [], integers: [7]),
    ])
  }

  private var second: TensorFile {
    file([
      NamedTensor(name: "conv.weight", shape: [1, 2], values: [3, 4.5]),
      NamedTensor(name: "conv.bias", shape: [1], values: [2]),
      NamedTensor(name: "fc.weight", shape: [1, 2], values: [1, 1]),
      NamedTensor(name: "fc.biases", shape: [2], values: [1, 1]),
      NamedTensor(name: "steps", shape: [], integers: [7]),
    ])
  }

  @Test("text names every difference, by array and by layer")
  func text() {
    let (status, report) = report(first, second)
    #expect(status == 1)
    #expect(
      report.text(.plain) == """
        arrays that differ

        arrays
          fc.weight  shape 2  -> shape 1 x 2
          fc.bias    2        only in 'a'; the nearest name is 'fc.biases'
          fc.biases  2        only in 'b'; the nearest name is 'fc.bias'
          numbers      changed     share  max abs  relative L2  cosine  sign flips  changes
          conv.weight   1 of 2   50.00 %   0.5000       0.1000  0.9985           0  1e-1 █
          conv.bias     1 of 1  100.00 %   1.0000       1.0000  1.0000           0  1e0 █

          most changed
          conv.weight[0,1]  4.0000  ->  4.5000
          conv.bias[0]      1.0000  ->  2.0000

        layers
          layer  tensors  changed    share  max abs  relative L2  cosine  sign flips  changes
          conv    2 of 2   2 of 3  66.67 %   1.0000       0.2193  0.9863           0  1e-1 ██

        """)
  }

  @Test("--stat has a line for each difference and one for all")
  func summary() {
    let (_, report) = report(first, second)
    #expect(
      report.summary(.plain) == """
        arrays that differ
        conv.weight       1 of 2  +++++++++++++++
        conv.bias         1 of 1  ++++++++++++++++++++++++++++++
        fc.weight        differs
        fc.bias      only in 'a'
        fc.biases    only in 'b'
        1 of 4 pairs equal; 50.00 % of 4 numbers changed, relative L2 0.1291, cosine 0.9931

        """)
  }

  @Test("status 0 only where everything was compared and is equal, and JSON says equal only then")
  func status() throws {
    let same = file([NamedTensor(name: "w", shape: [1], values: [1])])
    let other = file([NamedTensor(name: "w", shape: [1], values: [2])])
    let withObject = file(
      [NamedTensor(name: "w", shape: [1], values: [1])], unreadable: ["o"])
    let otherWithObject = file(
      [NamedTensor(name: "w", shape: [1], values: [2])], unreadable: ["o"])
    let more = file([
      NamedTensor(name: "w", shape: [1], values: [1]),
      NamedTensor(name: "v", shape: [1], values: [1]),
    ])
    let rows: [(TensorFile, TensorFile, Int32, String)] = [
      (same, same, 0, "equal arrays"), (same, other, 1, "arrays that differ"),
      (same, more, 1, "arrays that differ"), (same, withObject, 1, "arrays that differ"),
      (
        withObject, withObject, 2,
        "no difference in the arrays that were compared; 1 of 2 were not compared"
      ),
      (withObject, otherWithObject, 1, "arrays that differ"),
      (file([]), file([]), 2, "no arrays to compare"),
    ]
    for (one, two, status, headline) in rows {
      let (found, report) = report(one, two)
      #expect(found == status && report.headline == headline)
      let json = try report.json()
      #expect(json.contains(#""equal":true"#) == (status == 0), "\(json)")
    }
    let (_, unsure) = report(withObject, withObject)
    #expect(
      try unsure.json().contains(
        #""not_compared":[{"object":"arrays/o","reason":"it is an object"}]"#))
    #expect(unsure.text(.plain).contains("  o  not compared  it is an object\n"))
  }

  @Test("JSON has the figures of each difference")
  func json() throws {
    let (_, report) = report(first, second)
    let json = try report.json()
    for part in [
      #""changed":1,"cosine":0.998"#, #""histogram":[{"count":1,"from":0.1}],"kind":"numbers""#,
      #""most_changed":[{"first":4,"place":[0,1],"second":4.5}]"#,
      #"{"first":"2","kind":"shape","object":"arrays/fc.weight","second":"1 x 2"}"#,
      #"{"first":"2","kind":"missing","nearest":"fc.biases","object":"arrays/fc.bias"}"#,
      #"{"kind":"extra","nearest":"fc.bias","object":"arrays/fc.biases","second":"2"}"#,
      #""compared":4,"differences":"#, #""pairs":4"#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
  }

  @Test("patterns choose entries, with or without 'arrays/'")
  func patterns() {
    for (only, pairs) in [("conv", 0), ("conv.*", 2), ("arrays/conv.*", 2), ("arrays", 4)] {
      let (_, found) = report(first, second) { $0.only = [NamePattern(only)] }
      #expect(
        found.summary(.plain).contains("of \(pairs == 1 ? "1 pair" : "\(pairs) pairs") equal"),
        "\(only): \(found.summary(.plain))")
    }
    let (status, _) = report(first, second) {
      $0.ignore = [NamePattern("conv.*"), NamePattern("fc.*")]
    }
    #expect(status == 0)
  }

  @Test("a change of low rank is named, and so is a sparse one")
  func nature() throws {
    let base = (0..<400).map { Float($0 % 7) }
    var lowRank = base
    for index in 0..<400 { lowRank[index] += Float(index / 20) * Float(index % 20 + 1) * 0.01 }
    var sparse = base
    sparse[3] += 1
    let one = file([
      NamedTensor(name: "a", shape: [20, 20], values: base),
      NamedTensor(name: "b", shape: [20, 20], values: base),
    ])
    let other = file([
      NamedTensor(name: "a", shape: [20, 20], values: lowRank),
      NamedTensor(name: "b", shape: [20, 20], values: sparse),
    ])
    let (_, found) = report(one, other) { $0.hasSpectra = true }
    let text = found.text(.plain)
    #expect(text.contains("low rank: 1 of 20\n") && text.contains("sparse, low rank: 1 of 20\n"))
    #expect(try found.json().contains(#""rank":1"#))
  }
}
