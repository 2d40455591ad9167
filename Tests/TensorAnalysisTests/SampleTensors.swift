import RSOTensorFiles
import TensorAnalysis
import TestSupport
import Testing

/// Tensors for tests, in memory and on disk.
enum SampleTensors {
  static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> NamedTensor {
    NamedTensor(name: name, shape: shape, values: values)
  }

  static func tensor(
    _ name: String, _ type: TensorElementType, _ shape: [Int], _ bytes: [UInt8]
  ) -> NamedTensor {
    NamedTensor(name: name, elementType: type, shape: shape, bytes: bytes[...])
  }

  /// Numbers between -1 and 1 that look random, the same for the same seed.
  static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }
  }

  /// A file whose elements are in memory.
  static func memory(_ tensors: [NamedTensor]) -> TensorFile {
    TensorFile(TensorList(tensors: tensors), path: "memory", format: .safetensors)
  }

  /// A file on disk, whose elements several threads can read.
  static func disk(
    _ tensors: [NamedTensor], in directory: TemporaryDirectory, name: String = "x.safetensors"
  ) throws -> TensorFile {
    let path = directory(name)
    try directory.write(try SafetensorsWriter.encode(TensorList(tensors: tensors)), to: name)
    return try #require(try TensorFile.open(path))
  }

  static func describe(_ tensor: NamedTensor) throws -> TensorDescription {
    let file = memory([tensor])
    return try #require(TensorDescription.all(of: file.entries, in: file, threads: 1).first)
  }

  static func compare(
    _ first: NamedTensor, _ second: NamedTensor, tolerance: ComparisonTolerance = .exact
  ) throws -> TensorDifference {
    let (a, b) = (memory([first]), memory([second]))
    return try #require(
      TensorDifference.all(
        [TensorDifference.Pair(a.entries[0], b.entries[0])], in: a, b, tolerance: tolerance,
        threads: 1
      ).first)
  }
}
