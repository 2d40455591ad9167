import Foundation
import RSOExporters
import RSOTensorFiles
import TestSupport
import Testing

@Suite("ONNX models that are not what they should be")
struct HostileONNXTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var problem: String
    var bytes: [UInt8]
    var testDescription: String { what }

    init(_ what: String, _ problem: String, _ bytes: [UInt8]) {
      (self.what, self.problem, self.bytes) = (what, problem, bytes)
    }
  }

  /// A field of a protocol buffer that holds bytes.
  private static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(bytes.count) + bytes
  }

  private static func field(_ number: Int, _ value: Int) -> [UInt8] {
    varint(number << 3) + varint(value)
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var rest = UInt64(bitPattern: Int64(value))
    var bytes: [UInt8] = []
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// A tensor of two numbers, 1 and -2, unless said otherwise.
  private static func tensor(
    name: String = "w", dims: [Int] = [2], type: Int = 1,
    data: [UInt8] = field(9, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]), more: [UInt8] = []
  ) -> [UInt8] {
    dims.flatMap { field(1, $0) } + field(2, type) + field(8, Array(name.utf8)) + data + more
  }

  private static func model(_ tensors: [UInt8]..., more: [UInt8] = []) -> [UInt8] {
    field(1, 8) + field(7, tensors.flatMap { field(5, $0) }) + more
  }

  static let rows: [Row] = [
    Row("nothing", "no version", []),
    Row(
      "text", "not a protocol buffer of a model", Array("a text of some length, but no model".utf8)),
    Row("cut short", "not a protocol buffer of a model", model(tensor()).dropLast(1)),
    Row("no graph", "no graph", field(1, 8)),
    Row("no version", "no version", field(7, field(5, tensor()))),
    Row(
      "a graph longer than the file", "not a protocol buffer of a model",
      field(1, 8) + varint(7 << 3 | 2) + varint(1 << 40)),
    Row(
      "a graph in groups", "not a protocol buffer of a model",
      field(1, 8) + [UInt8](repeating: 0x3B, count: 10_000)),
    Row("a name twice", "there twice", model(tensor(), tensor())),
    Row(
      "numbers in no file", "its numbers are in ''", model(tensor(data: [], more: field(14, 1)))),
    Row("a type of later releases", "not a number type", model(tensor(type: 99))),
    Row("no type", "not a number type", model(tensor(type: 0))),
    Row("too few bytes", "8 bytes for", model(tensor(dims: [3]))),
    Row("too many bytes", "8 bytes for", model(tensor(dims: [1]))),
    Row("no bytes", "0 bytes for", model(tensor(data: []))),
    Row("a negative shape", "impossible", model(tensor(dims: [-2]))),
    Row("two negative extents", "impossible", model(tensor(dims: [-1, -2]))),
    Row("a shape beyond all numbers", "impossible", model(tensor(dims: [1 << 62, 1 << 62]))),
    Row("a huge shape", "8 bytes for", model(tensor(dims: [1 << 40]))),
    Row("a shape that comes round", "8 bytes for", model(tensor(dims: [1 << 62]))),
    Row(
      "too many dimensions", "17 dimensions", model(tensor(dims: [Int](repeating: 1, count: 17)))),
    Row(
      "metadata twice", "metadata has 'a' twice",
      model(
        tensor(), more: field(14, field(1, [97])) + field(14, field(1, [97])))),
    Row(
      "a name that is not UTF-8", "not a protocol buffer of a model",
      model(
        field(1, 2) + field(2, 1) + field(8, [0xFF]) + field(9, [UInt8](repeating: 0, count: 8)))),
  ]

  @Test("the model that the others are made from is good")
  func good() throws {
    // Fields that are not known are passed over, texts as well.
    let text = Self.tensor(name: "t", dims: [1], type: 8, data: Self.field(6, [65, 66]))
    let bytes = Self.model(Self.tensor(more: Self.field(99, [1, 2, 3])), text)
    let file = try TensorList(onnx: bytes)
    #expect(file.tensors.map(\.name) == ["w"])
    #expect(file["w"]?.floats() == [1, -2])
  }

  @Test("is refused", arguments: rows)
  func refused(row: Row) throws {
    let error = #expect(throws: TensorFileError.self) { try TensorList(onnx: row.bytes) }
    let message = "\(try #require(error))"
    #expect(message.hasPrefix("not a good ONNX file: "))
    #expect(message.contains(row.problem), "\(message)")
  }

  @Test("initialisers by onnx are read, raw or in a field of their kind")
  func kinds() throws {
    let file = try TensorList(onnx: [UInt8](Fixtures.data("tensors/kinds.onnx")))
    let numbers = (0..<24).map { Float($0) / 8 - 1 }
    for name in ["float16", "float32", "float64", "float_data", "double_data"] {
      #expect(file[name]?.floats() == numbers, "\(name)")
    }
    for name in ["int64", "int64_data", "int32_data"] {
      #expect(file[name]?.floats() == numbers.map { $0.rounded(.towardZero) }, "\(name)")
    }
    #expect(file["uint8"]?.floats() == numbers.map { abs($0 * 8) })
    #expect(file["bool"]?.floats() == numbers.map { $0 > 0 ? 1 : 0 })
    #expect(file["int32_data"]?.shape == [2, 3, 4])
    #expect(file.metadata == ["made by": "onnx"])
  }
}
