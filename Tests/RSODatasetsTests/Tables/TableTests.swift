import Foundation
import RSODatasets
import TestSupport
import Testing

@Suite("Tables")
struct TableTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func table(_ text: String, label: String? = nil) throws -> Table {
    try directory.write(text.utf8, to: "t.csv")
    return try Table(directory("t.csv"), labels: .columns(label))
  }

  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var features: [Float]
    var names: [String]?
    var label: String

    var testDescription: String { name }
  }

  @Test(
    "separators, line ends, quotes and headers are found",
    arguments: [
      Form(name: "commas", text: "1,2,a\n3,4,b\n", features: [1, 2, 3, 4], label: "3"),
      Form(name: "no last line end", text: "1,2,a\n3,4,b", features: [1, 2, 3, 4], label: "3"),
      Form(name: "semicolons", text: "1;2;0\n3;4;1\n", features: [1, 2, 3, 4], label: "3"),
      Form(name: "tabs", text: "1\t2\t0\n3\t4\t1\n", features: [1, 2, 3, 4], label: "3"),
      Form(name: "blanks", text: " 1  2 0\n3 4\t1 \n", features: [1, 2, 3, 4], label: "3"),
      Form(name: "CR LF", text: "1,2,0\r\n3,4,1\r\n", features: [1, 2, 3, 4], label: "3"),
      Form(name: "CR", text: "1,2,0\r3,4,1\r", features: [1, 2, 3, 4], label: "3"),
      Form(
        name: "byte order mark", text: "\u{FEFF}a,b,c\n1,2,0\n", features: [1, 2],
        names: ["a", "b"], label: "c"),
      Form(
        name: "blanks around cells", text: " 1 , 2 , x y \n 3 ,4,z\n", features: [1, 2, 3, 4],
        label: "3"),
      Form(
        name: "empty lines", text: "\n1,2,a\n\n  \n3,4,b\n\n", features: [1, 2, 3, 4], label: "3"),
      Form(
        name: "quoted numbers and texts", text: "\"1\",2,\"a, \"\"b\"\"\nc\"\n3,\"4\",d\n",
        features: [1, 2, 3, 4], label: "3"),
      Form(
        name: "header of text above numbers", text: "w,h,kind\n1,2,red\n3,4,blue\n",
        features: [1, 2, 3, 4], names: ["w", "h"], label: "kind"),
      Form(
        name: "header with one text", text: "2001,2002,kind\n1,2,0\n3,4,1\n",
        features: [1, 2, 3, 4], names: ["2001", "2002"], label: "kind"),
      Form(
        name: "header with a line break", text: "\"w\n(cm)\",h,kind\n1,2,red\n", features: [1, 2],
        names: ["w\n(cm)", "h"], label: "kind"),
      Form(
        name: "a column named target", text: "a,Target,b\n1,0,2\n3,1,4\n", features: [1, 2, 3, 4],
        names: ["a", "b"], label: "Target"),
      Form(
        name: "numbers alone", text: "1,2,0\n3,4,1\n", features: [1, 2, 3, 4], label: "3"),
      Form(
        name: "scikit-learn", text: "2,2,setosa,versicolor\n1,2,0\n3,4,1\n",
        features: [1, 2, 3, 4], label: "3"),
      Form(
        name: "scikit-learn with as many cells as columns",
        text: "2,4,a,b,c\n1,2,3,4,0\n5,6,7,8,2\n",
        features: [1, 2, 3, 4, 5, 6, 7, 8], label: "5"),
    ])
  func forms(form: Form) throws {
    let table = try table(form.text)
    #expect(table.features == form.features)
    #expect(table.featureNames == form.names)
    #expect(table.labels == [form.label])
  }

  @Test(
    "a label column is chosen by name, or by number from either end",
    arguments: [
      ("b", [1, 3], ["b"]), ("2", [1, 3], ["b"]), ("1", [2, 3], ["a"]), ("-1", [1, 2], ["c"]),
      ("-3", [2, 3], ["a"]), ("a,c", [2], ["a", "c"]), ("3,1", [2], ["c", "a"]),
    ] as [(String, [Float], [String])])
  func labels(label: String, features: [Float], labels: [String]) throws {
    let table = try table("a,b,c\n1,2,3\n", label: label)
    #expect(table.features == features && table.labels == labels)
  }

  @Test("numbers are the nearest Float32, as of strtof")
  func rounding() throws {
    var random = SystemRandomNumberGenerator()
    var words = [
      "0", "-0", "0.0", "1e-45", "1e-46", "7.00649232162408535461864791644958e-46", "3.4028235e38",
      "3.40282356e38", "340282346638528859811704183484516925440", "16777217",
      "16777216.999999999999",
      "0.1", "1.", ".5", "+2", "-.5e-3", "1E5", "1.17549435e-38", "1.1754942e-38",
      "123456789012345678901234567890", "0.000000000000000000000000000000000000000000012345678",
      "1e-400", "0e999999999999999999999", "1.510000000000000000e+02", "9007199254740993",
      String(repeating: "1", count: 39) + "." + String(repeating: "9", count: 60),
    ]
    for _ in 0..<1000 {
      // The exact middle between two neighbours, and texts just beside it.
      let lower = Float(bitPattern: UInt32.random(in: 1..<0x7F00_0000, using: &random))
      let middle = (Double(lower) + Double(lower.nextUp)) / 2
      words += ["\(middle)", "\(middle.nextUp)", "\(middle.nextDown)"]
      let digits = (0..<Int.random(in: 1...24, using: &random)).map { _ in
        "\(Int.random(in: 0...9))"
      }
      words.append(digits.joined() + "e\(Int.random(in: -60...14, using: &random))")
    }
    let text = "x,label\n" + words.map { "\($0),0\n" }.joined()
    let table = try table(text)
    let expected = words.map { strtof($0, nil) }
    #expect(table.features.count == words.count)
    for (word, pair) in zip(words, zip(table.features, expected)) {
      #expect(pair.0.bitPattern == pair.1.bitPattern, "\(word)")
    }
  }

  @Test(
    "parts of a large table give the same numbers on any number of threads", arguments: [1, 2, 7])
  func threads(threads: Int) throws {
    // Some labels hold the separator and line ends, so that parts could end inside.
    let rows = 5000
    var text = "a,b,kind\n"
    for row in 0..<rows {
      let kind = row % 5 == 0 ? "\"x\n,\"\"\(row % 3)\"" : "y\(row % 7)"
      text += "\(row),\(Double(row) / 8),\(kind)\n"
    }
    try directory.write(text.utf8, to: "large.csv")
    let table = try Table(directory("large.csv"), threads: threads, partSize: 512)
    #expect(table.rows == rows)
    let wrong = (0..<rows).first { row in
      table.features[2 * row] != Float(row) || table.features[2 * row + 1] != Float(row) / 8
    }
    #expect(wrong == nil)
    let targets = try table.rawTargets()
    guard case .texts(let texts) = targets else {
      Issue.record("\(targets)")
      return
    }
    let wrongLabel = (0..<rows).first { row in
      texts[row] != (row % 5 == 0 ? "x\n,\"\(row % 3)" : "y\(row % 7)")
    }
    #expect(wrongLabel == nil)
  }

  @Test("a fault deep in a large table is told with its line")
  func lateFault() throws {
    var text = "a,b,kind\n"
    for row in 0..<5000 { text += "\(row),\(row == 4000 ? "oops" : "1"),\"k\n\(row % 2)\"\n" }
    try directory.write(text.utf8, to: "late.csv")
    // Each row takes two lines, below one line of header.
    #expect(
      throws: TableError.cell(
        path: directory("late.csv"), place: "line 8002, column 2 ('b')",
        message: " is 'oops', not a number; if the column is the label, use --label b, otherwise "
          + "remove it or replace its texts by numbers")
    ) { try Table(directory("late.csv"), partSize: 1024) }
  }
}
