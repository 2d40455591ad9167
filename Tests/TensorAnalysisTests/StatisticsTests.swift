import RSOTensorFiles
import TensorAnalysis
import TestSupport
import Testing

@Suite("Statistics of tensors")
struct StatisticsTests {
  /// An element type, bytes, and the values that they have.
  static let types: [(TensorElementType, [UInt8], [Double])] = [
    (.bool, [0, 1, 7], [0, 1, 1]),
    (.uint8, [0, 255], [0, 255]), (.int8, [0x80, 0x7F], [-128, 127]),
    (.uint16, [0, 0, 0xFF, 0xFF], [0, 65535]), (.int16, [0, 0x80, 1, 0], [-32768, 1]),
    (.uint32, [0xFF, 0xFF, 0xFF, 0xFF], [4_294_967_295]),
    (.int32, [0, 0, 0, 0x80], [-2_147_483_648]),
    (.uint64, [0, 0, 0, 0, 0, 0, 0, 0x80], [0x1p63]),
    (.int64, [0, 0, 0, 0, 0, 0, 0, 0x80], [-0x1p63]),
    (.float16, [0, 0x3C, 1, 0, 0xFF, 0x7B, 0, 0x80], [1, 0x1p-24, 65504, 0]),
    (.bfloat16, [0x80, 0x3F, 0x20, 0xC1], [1, -10]),
    (.float32, [0, 0, 0x80, 0x3F, 1, 0, 0, 0], [1, 0x1p-149]),
    (.float64, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [1]),
    // 1, -1, 0, 448, 2^-6, 2^-9, 2, 0.5
    (
      .float8E4M3, [0x38, 0xB8, 0x00, 0x7E, 0x08, 0x01, 0x40, 0x30],
      [1, -1, 0, 448, 0x1p-6, 0x1p-9, 2, 0.5]
    ),
    (.float8E5M2, [0x3C, 0x7B, 0x01], [1, 57344, 0x1p-16]),
    (.float8E8M0, [127, 0, 254], [1, 0x1p-127, 0x1p127]),
    (.float8E4M3FNUZ, [0x40, 0x7F, 0x01], [1, 240, 0x1p-10]),
    (.float8E5M2FNUZ, [0x40, 0x7F, 0x01], [1, 57344, 0x1p-17]),
    (.complex32, [0, 0x42, 0, 0x44], [5]),
    (.complex64, [0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40], [5]),
    (.complex128, [0, 0, 0, 0, 0, 0, 8, 0x40, 0, 0, 0, 0, 0, 0, 0x10, 0x40], [5]),
  ]

  @Test("every element type has its values", arguments: types)
  func values(type: TensorElementType, bytes: [UInt8], values: [Double]) throws {
    let file = SampleTensors.memory([
      SampleTensors.tensor("x", type, [bytes.count / type.size], bytes)
    ])
    #expect(try TensorValues.all(of: file.entries[0], in: file) == values)
    let numbers = try #require(
      TensorDescription.all(of: file.entries, in: file, threads: 1)[0].numbers)
    #expect(numbers.minimum == values.min() && numbers.maximum == values.max())
    #expect(numbers.zeros == values.count { $0 == 0 } && numbers.count == values.count)
  }

  @Test("all element types are in the table")
  func allTypes() {
    #expect(Set(Self.types.map(\.0)) == Set(TensorElementType.allCases))
  }

  @Test("all 256 patterns of 8 bits have the values of the table of Float8")
  func float8() throws {
    let all = (0...UInt8.max).map { $0 }
    for type in TensorElementType.allCases {
      guard let table = Float8.table(type) else { continue }
      let file = SampleTensors.memory([SampleTensors.tensor("x", type, [256], all)])
      let values = try TensorValues.all(of: file.entries[0], in: file)
      for (value, expected) in zip(values, table) {
        #expect(value == Double(expected) || (value.isNaN && expected.isNaN), "\(type)")
      }
    }
  }

  @Test("one NaN does not hide the rest; NaN and infinities are counted apart")
  func notFinite() throws {
    let numbers = try #require(
      try SampleTensors.describe(
        SampleTensors.floats("x", [7], [1, .nan, 3, .infinity, -.infinity, 0, -0.0])
      ).numbers)
    #expect(numbers.count == 7 && numbers.nans == 1 && numbers.infinities == 2)
    #expect(numbers.mean == 1 && numbers.minimum == 0 && numbers.maximum == 3)
    #expect(numbers.zeros == 2 && numbers.norm == 10.0.squareRoot())
    #expect(numbers.standardDeviation == 1.5.squareRoot())
  }

  @Test("without finite elements the figures are NaN; without elements too")
  func nothingFinite() throws {
    for values: [Float] in [[], [.nan, .infinity]] {
      let numbers = try #require(
        try SampleTensors.describe(SampleTensors.floats("x", [values.count], values)).numbers)
      #expect(numbers.mean.isNaN && numbers.norm.isNaN && numbers.minimum.isNaN)
      #expect(numbers.count == values.count && numbers.finite == 0)
    }
  }

  @Test("a mean that is large against the deviation does not spoil the deviation")
  func cancellation() throws {
    let values = (0..<100_000).map { Float(1_000_000 + ($0 % 2)) }
    let numbers = try #require(
      try SampleTensors.describe(SampleTensors.floats("x", [values.count], values)).numbers)
    #expect(numbers.mean == 1_000_000.5)
    #expect(abs(numbers.standardDeviation - 0.5) < 1e-12)
  }

  @Test("constant tensors have no deviation and their value as mean")
  func constant() throws {
    let values = [Float](repeating: 0.1, count: 70_001)
    let numbers = try #require(
      try SampleTensors.describe(SampleTensors.floats("x", [values.count], values)).numbers)
    #expect(numbers.isConstant && numbers.standardDeviation == 0)
    #expect(numbers.mean == Double(Float(0.1)))
  }

  @Test("the digits do not depend on threads, or on the form of the file")
  func sameDigits() throws {
    let directory = try TemporaryDirectory()
    // More than two pieces.
    let values = SampleTensors.numbers(5_000_001, seed: 7)
    let tensors = [
      SampleTensors.floats("a", [values.count], values),
      SampleTensors.floats("b", [3, 2], [1, 2, 3, 4, 5, 6]),
    ]
    let disk = try SampleTensors.disk(tensors, in: directory)
    let one = TensorDescription.all(of: disk.entries, in: disk, threads: 1).map(\.numbers)
    for threads in [2, 5] {
      #expect(
        TensorDescription.all(of: disk.entries, in: disk, threads: threads).map(\.numbers) == one)
    }
    let memory = SampleTensors.memory(tensors)
    #expect(TensorDescription.all(of: memory.entries, in: memory, threads: 2).map(\.numbers) == one)
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    #expect(abs((one[0]?.mean ?? 0) - mean) < 1e-12)
  }

  @Test("all instruction sets give the same bits, for every type and length")
  func instructionSets() throws {
    var random: UInt64 = 3
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in
        random = random &* 6_364_136_223_846_793_005 &+ 1
        return UInt8(truncatingIfNeeded: random >> 56)
      }
    }
    for type in TensorElementType.allCases {
      for count in [0, 1, 15, 16, 17, 100, 2048] {
        let (first, second) = (bytes(count * type.size), bytes(count * type.size))
        let used = try #require(
          AnalysisKernels.figures(byInstructionSet: 0, type, first, second))
        var index = 1
        while let other = AnalysisKernels.figures(byInstructionSet: index, type, first, second) {
          #expect(
            used.figures.map(\.bitPattern) == other.figures.map(\.bitPattern),
            "\(used.name), \(other.name): \(type), \(count)")
          index += 1
        }
      }
    }
  }

  @Test("outputs whose weights are all equal or all zero are found, across pieces too")
  func equalOutputs() throws {
    let directory = try TemporaryDirectory()
    let length = 700_000
    var values = SampleTensors.numbers(7 * length, seed: 1)
    for index in 0..<length { values[length + index] = 0 }
    for index in 0..<length { values[3 * length + index] = 2.5 }
    // -0 is zero as well; a last element that differs makes an output ordinary.
    for index in 0..<length { values[6 * length + index] = index % 2 == 0 ? 0 : -0.0 }
    for index in 0..<length { values[5 * length + index] = 1 }
    values[6 * length - 1] = 2
    let tensor = SampleTensors.floats("w", [7, length], values)
    let disk = try SampleTensors.disk([tensor], in: directory)
    for description in [
      try SampleTensors.describe(tensor),
      TensorDescription.all(of: disk.entries, in: disk, threads: 3)[0],
    ] {
      #expect(description.equalOutputs.dead == 2 && description.equalOutputs.constant == 1)
      #expect(description.equalOutputs.outputs == [1, 3, 6])
    }
  }

  @Test("vectors, and outputs of one weight or of NaN, are not called equal")
  func noOutputs() throws {
    for (shape, values): ([Int], [Float]) in [
      ([4], [0, 0, 0, 0]), ([4, 1], [0, 0, 0, 0]), ([1, 2], [.nan, .nan]), ([0, 3], []),
    ] {
      let found = try SampleTensors.describe(SampleTensors.floats("w", shape, values))
      #expect(found.equalOutputs.count == 0, "\(shape)")
    }
  }

  @Test("duplicated tensors are found; constant ones and other shapes are not compared")
  func duplicates() throws {
    let file = SampleTensors.memory([
      SampleTensors.floats("a", [2], [1, 2]), SampleTensors.floats("b", [2], [2, 1]),
      SampleTensors.floats("c", [2], [1, 2]), SampleTensors.floats("d", [1, 2], [1, 2]),
      SampleTensors.floats("e", [2], [0, 0]), SampleTensors.floats("f", [2], [0, 0]),
      SampleTensors.floats("g", [2], [1, 2]),
    ])
    let descriptions = TensorDescription.all(of: file.entries, in: file, threads: 2)
    #expect(DuplicateTensors.groups(of: descriptions, in: file, threads: 2) == [[0, 2, 6]])
  }

  @Test("each entry has a description, also one that cannot be read")
  func everyEntry() throws {
    let directory = try TemporaryDirectory()
    var file = try SampleTensors.disk(
      [SampleTensors.floats("w", [3], [1, 2, 3])], in: directory)
    file.entries.append(
      TensorEntry(name: "o", type: .other("object"), shape: nil, unreadable: "it is an object"))
    file.entries.append(
      TensorEntry(
        name: "gone", type: .number(.float32), shape: [3],
        content: .stored(TensorStorage(.file(path: directory("gone"), offset: 0), size: 12))))
    let found = TensorDescription.all(of: file.entries, in: file, threads: 2)
    #expect(found.count == 3 && found[0].numbers?.mean == 2)
    #expect(found[1].problem == "it is an object" && found[1].numbers == nil)
    #expect(found[2].problem?.hasSuffix("no such file or directory") == true)
    #expect(found[2].numbers == nil)
  }

  @Test("a file that has become shorter is an error, not a wrong number")
  func shortened() throws {
    let directory = try TemporaryDirectory()
    let file = try SampleTensors.disk(
      [SampleTensors.floats("w", [30_000], SampleTensors.numbers(30_000, seed: 2))], in: directory)
    try directory.write([UInt8](repeating: 0, count: 1000), to: "x.safetensors")
    let found = TensorDescription.all(of: file.entries, in: file, threads: 2)
    #expect(found[0].numbers == nil)
    #expect(found[0].problem == "tensor 'w': the file has become shorter")
  }
}
