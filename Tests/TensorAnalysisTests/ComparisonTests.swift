import RSOTensorFiles
import TensorAnalysis
import TestSupport
import Testing

@Suite("Comparisons of tensors")
struct ComparisonTests {
  private func numbers(_ difference: TensorDifference) throws -> NumberComparison {
    guard case .numbers(let numbers) = difference.outcome else {
      Issue.record("\(difference.outcome)")
      return NumberComparison()
    }
    return numbers
  }

  @Test("equal tensors are equal, NaN, infinities and -0 included")
  func equal() throws {
    let one = SampleTensors.floats("x", [4], [1, .nan, .infinity, 0])
    #expect(try SampleTensors.compare(one, one).isEqual)
    let other = SampleTensors.floats("x", [4], [1, -.nan, .infinity, -0.0])
    #expect(try SampleTensors.compare(one, other).isEqual)
  }

  @Test("figures of a change")
  func figures() throws {
    let found = try numbers(
      try SampleTensors.compare(
        SampleTensors.floats("x", [4], [3, 4, 0, 1]), SampleTensors.floats("x", [4], [3, -4, 0, 1]))
    )
    #expect(found.count == 4 && found.changed == 1 && found.signFlips == 1)
    #expect(found.maximum == 8 && found.shareChanged == 0.25)
    #expect(found.relativeNorm == 8 / 26.0.squareRoot())
    let cosine = try #require(found.cosine)
    #expect(abs(cosine + 6.0 / 26) < 1e-15)
    #expect(found.mostChanged.elements.map(\.index) == [1])
    #expect(found.histogram.reduce(0, +) == 1)
    #expect(found.histogram[-AnalysisKernels.firstDecade] == 1)
  }

  @Test("changes with NaN or infinity are counted apart")
  func notFinite() throws {
    let found = try numbers(
      try SampleTensors.compare(
        SampleTensors.floats("x", [4], [.nan, 1, .infinity, 2]),
        SampleTensors.floats("x", [4], [1, .nan, -.infinity, 2.5])))
    #expect(found.changed == 4 && found.notFinite == 3)
    #expect(found.maximum == 0.5 && found.relativeNorm == 0.25)
    #expect(found.mostChanged.elements.map(\.index) == [0, 1, 2, 3])
  }

  @Test("tolerances: |a - b| <= atol + rtol * max(|a|, |b|)")
  func tolerances() throws {
    let (a, b) = (
      SampleTensors.floats("x", [2], [100, 1]), SampleTensors.floats("x", [2], [101, 1.5])
    )
    for (relative, absolute, changed) in [
      (0.0, 0.0, 2), (0.01, 0, 1), (0, 1, 0), (0, 0.5, 1), (0.4, 0, 0),
    ] {
      let found = try SampleTensors.compare(
        a, b, tolerance: ComparisonTolerance(relative: relative, absolute: absolute))
      #expect((found.numbers?.changed ?? 0) == changed, "\(relative) \(absolute)")
      #expect(found.isEqual == (changed == 0))
    }
  }

  @Test("integers of 64 bits that are equal as doubles differ")
  func wideIntegers() throws {
    let (a, b): (Int64, Int64) = (1 << 53, 1 << 53 + 1)
    func tensor(_ type: TensorElementType, _ value: Int64) -> NamedTensor {
      SampleTensors.tensor("x", type, [1], littleEndianBytes([value]))
    }
    #expect(Double(a) == Double(b))
    for (one, other) in [
      (TensorElementType.int64, TensorElementType.int64), (.uint64, .uint64), (.int64, .uint64),
    ] {
      let found = try numbers(try SampleTensors.compare(tensor(one, a), tensor(other, b)))
      #expect(found.changed == 1, "\(one) \(other)")
    }
    let double = SampleTensors.tensor("x", .float64, [1], littleEndianBytes([Double(a).bitPattern]))
    #expect(try numbers(try SampleTensors.compare(tensor(.int64, b), double)).changed == 1)
    #expect(try numbers(try SampleTensors.compare(tensor(.int64, a), double)).changed == 0)
    // -1 and 2^64 - 1 have the same bytes.
    #expect(
      try numbers(try SampleTensors.compare(tensor(.int64, -1), tensor(.uint64, -1))).changed == 1)
  }

  @Test("small integers and truth values are compared too")
  func integers() throws {
    for type in [TensorElementType.int8, .uint8, .bool] {
      let found = try SampleTensors.compare(
        SampleTensors.tensor("x", type, [3], [0, 1, 0]),
        SampleTensors.tensor("x", type, [3], [0, 1, 1]))
      #expect(try numbers(found).changed == 1, "\(type)")
    }
  }

  @Test("complex numbers are compared by both parts, not by their size")
  func complex() throws {
    let (a, b): ([Float], [Float]) = ([3, 4, 1, 1], [4, 3, 1, 1])
    func tensor(_ values: [Float]) -> NamedTensor {
      SampleTensors.tensor("x", .complex64, [2], littleEndianBytes(values.map(\.bitPattern)))
    }
    let found = try numbers(try SampleTensors.compare(tensor(a), tensor(b)))
    #expect(found.changed == 1 && found.count == 2 && found.maximum == 1)
    #expect(try SampleTensors.compare(tensor(a), tensor(a)).isEqual)
  }

  @Test("the same numbers in another type: the type differs")
  func types() throws {
    let (a, b) = (
      SampleTensors.floats("x", [2], [1, -2]),
      SampleTensors.tensor("x", .bfloat16, [2], [0x80, 0x3F, 0, 0xC0])
    )
    let found = try SampleTensors.compare(a, b)
    #expect(!found.isEqual && found.types?.0 == "float32" && found.types?.1 == "bfloat16")
    #expect(try numbers(found).changed == 0)
  }

  @Test("shapes, kinds and entries that cannot be read are outcomes, never equality")
  func others() throws {
    let numbers = SampleTensors.floats("x", [2, 1], [1, 2])
    #expect(
      try SampleTensors.compare(numbers, SampleTensors.floats("x", [2], [1, 2])).outcome
        == .shape([2, 1], [2]))
    var file = SampleTensors.memory([numbers])
    file.entries.append(
      TensorEntry(name: "o", type: .other("object"), shape: nil, unreadable: "it is an object"))
    file.entries.append(text(["a", "b"]))
    let pairs = [(1, 1), (0, 2)].map {
      TensorDifference.Pair(file.entries[$0.0], file.entries[$0.1])
    }
    let found = TensorDifference.all(pairs, in: file, file, threads: 2)
    #expect(found.map(\.outcome) == [.notCompared("it is an object"), .kind])
  }

  private func text(_ texts: [String]) -> TensorEntry {
    let bytes = texts.flatMap { littleEndianBytes([UInt32($0.utf8.count)]) + Array($0.utf8) }
    return TensorEntry(
      name: "t", type: .text, shape: [texts.count],
      content: .stored(TensorStorage(memory: bytes[...])))
  }

  @Test("texts are compared one by one")
  func texts() throws {
    let file = SampleTensors.memory([])
    func compare(_ a: [String], _ b: [String]) -> TensorDifference.Outcome {
      TensorDifference.all(
        [TensorDifference.Pair(text(a), text(b))], in: file, file, threads: 1)[0].outcome
    }
    #expect(compare(["a", "bc"], ["a", "bc"]) == .equal(nil))
    // The same letters, divided otherwise.
    guard case .texts(let texts) = compare(["ab", "c", "d"], ["a", "bc", "d"]) else {
      Issue.record("no difference of texts")
      return
    }
    #expect(texts.changed == 2 && texts.count == 3 && texts.firstChange?.index == 0)
    #expect(texts.firstChange?.first == "ab" && texts.firstChange?.second == "a")
  }

  @Test("elements that are not decoded are compared by their bytes")
  func blocks() {
    let file = SampleTensors.memory([])
    func entry(_ bytes: [UInt8], _ type: String = "Q4_K") -> TensorEntry {
      TensorEntry(
        name: "q", type: .other(type), shape: [8],
        content: .stored(TensorStorage(memory: bytes[...])))
    }
    func outcome(_ a: TensorEntry, _ b: TensorEntry) -> TensorDifference.Outcome {
      TensorDifference.all([TensorDifference.Pair(a, b)], in: file, file, threads: 1)[0].outcome
    }
    #expect(outcome(entry([1, 2, 3]), entry([1, 2, 3])) == .equal(nil))
    #expect(outcome(entry([1, 2, 3]), entry([1, 0, 3])) == .bytes(changed: 1, of: 3))
    #expect(outcome(entry([1]), entry([1], "Q8_0")) == .kind)
  }

  @Test(
    "the digits do not depend on threads or on the form of the file, nor on which parts are equal")
  func sameDigits() throws {
    let directory = try TemporaryDirectory()
    let first = SampleTensors.numbers(4_500_001, seed: 5)
    var second = first
    for index in stride(from: 3_000_000, to: 3_000_400, by: 4) { second[index] += 0.25 }
    second[4_500_000] = 9
    let a = SampleTensors.floats("x", [first.count], first)
    let b = SampleTensors.floats("x", [first.count], second)
    let files = (
      try SampleTensors.disk([a], in: directory, name: "a.safetensors"),
      try SampleTensors.disk([b], in: directory, name: "b.safetensors")
    )
    let pair = TensorDifference.Pair(files.0.entries[0], files.1.entries[0])
    let one = TensorDifference.all([pair], in: files.0, files.1, threads: 1)
    #expect(one == TensorDifference.all([pair], in: files.0, files.1, threads: 3))
    let memory = try SampleTensors.compare(a, b)
    #expect(memory.outcome == one[0].outcome)
    let found = try numbers(one[0])
    #expect(found.changed == 101 && found.isSparse)
    #expect(found.mostChanged.elements.first?.index == 4_500_000)
    let squares = first.reduce(0.0) { $0 + Double($1) * Double($1) }
    let change = 100 * 0.0625 + Double(9 - first[4_500_000]) * Double(9 - first[4_500_000])
    #expect(abs((found.relativeNorm ?? 0) - (change / squares).squareRoot()) < 1e-6)
  }

  @Test("histograms put each change into its power of ten")
  func histogram() throws {
    let changes: [Double] = [1e-3, 9.999e-3, 1e-2, 0.5, 1e-30, 1e300]
    let zeros = NamedTensor(name: "x", shape: [6], doubles: [0, 0, 0, 0, 0, 0])
    let found = try numbers(
      try SampleTensors.compare(zeros, NamedTensor(name: "x", shape: [6], doubles: changes)))
    let filled = found.histogram.enumerated().filter { $0.element > 0 }
    let zero = -AnalysisKernels.firstDecade
    #expect(filled.map(\.offset) == [0, zero - 3, zero - 2, zero - 1, AnalysisKernels.decades - 1])
    #expect(filled.map(\.element) == [1, 2, 1, 1, 1])
  }
}
