import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Files of tensors by the tools whose formats they are")
struct KindsTests {
  private static let numbers: [Float] = (0..<24).map { Float($0) / 8 - 1 }

  /// What `Fixtures/tensors/README.md` says of each array.
  private static func expected(_ name: String) -> [Float] {
    switch name {
    case "scalar": [0.1]
    case "empty": []
    case "bool": numbers.map { $0 > 0 ? 1 : 0 }
    case "uint8", "uint16", "uint32", "uint64": numbers.map { abs($0 * 8) }
    case "int8", "int16", "int32", "int64": numbers.map { $0.rounded(.towardZero) }
    default: numbers
    }
  }

  private static let names: [String] = [
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16",
    "uint32", "uint64", "bool", "scalar", "empty",
  ]

  @Test(
    "each kind of number is read as it was written",
    arguments: ["kinds.safetensors", "kinds.npz"], names)
  func kinds(file: String, name: String) throws {
    let bytes = [UInt8](try Fixtures.data("tensors/\(file)"))
    let content =
      file.hasSuffix("npz") ? try TensorList(npz: bytes) : try TensorList(safetensors: bytes)
    let tensor = try #require(content[name])
    #expect(tensor.floats() == Self.expected(name))
    #expect(
      tensor.shape == (name == "scalar" ? [] : name == "empty" ? [0, 5] : [2, 3, 4]))
    #expect(
      tensor.elementType.rawValue == (["scalar", "empty"].contains(name) ? "float32" : name))
  }

  @Test("bfloat16 and metadata of safetensors are read")
  func safetensors() throws {
    let file = try TensorList(safetensors: [UInt8](Fixtures.data("tensors/kinds.safetensors")))
    #expect(file.tensors.count == Self.names.count + 1)
    #expect(file["bfloat16"]?.floats() == Self.numbers)
    #expect(file["bfloat16"]?.elementType == .bfloat16)
    #expect(file.metadata == ["format": "np", "made by": "safetensors \"0.8.0\" ü"])
  }

  @Test("a text in an npz file is metadata")
  func text() throws {
    let file = try TensorList(npz: [UInt8](Fixtures.data("tensors/kinds.npz")))
    #expect(file.tensors.count == Self.names.count)
    #expect(file.metadata == ["text": "grün"])
  }

  @Test(
    "the order of bytes and of dimensions does not matter, nor does compression",
    arguments: ["fortran", "big", "big_fortran"])
  func orders(name: String) throws {
    let file = try TensorList(npz: [UInt8](Fixtures.data("tensors/orders.npz")))
    let expected = Self.expected(name == "big_fortran" ? "int16" : "float32")
    #expect(file[name]?.floats() == expected)
    #expect(file[name]?.shape == [2, 3, 4])
    #expect(file["zeros"]?.floats() == Array(repeating: 0, count: 10_000))
  }

  @Test(
    "the format is told by the content",
    arguments: [
      ("tensors/kinds.safetensors", TensorFileFormat.safetensors), ("tensors/kinds.npz", .npz),
      ("tensors/kinds.onnx", .onnx), ("checkpoints/v1/tiny.h5", .hdf5),
      ("checkpoints/foreign.h5", .hdf5), ("networks/mlp.json", nil),
    ] as [(String, TensorFileFormat?)])
  func formats(file: String, format: TensorFileFormat?) throws {
    #expect(TensorFileFormat(of: [UInt8](try Fixtures.data(file))) == format)
    #expect(TensorFileFormat(of: []) == nil)
  }
}
