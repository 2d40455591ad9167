import RSOTensorFiles
import Testing

@Suite("Safetensors files that are not what they should be")
struct HostileSafetensorsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var problem: String
    var bytes: [UInt8]
    var testDescription: String { what }

    init(_ what: String, _ problem: String, _ bytes: [UInt8]) {
      (self.what, self.problem, self.bytes) = (what, problem, bytes)
    }

    init(_ what: String, _ problem: String, header: String, data: Int = 8) {
      self.init(what, problem, file(header, data: data))
    }
  }

  private static func file(_ header: String, data: Int = 8) -> [UInt8] {
    little(header.utf8.count, 8) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  private static func entry(
    _ name: String = "w", type: String = "\"F32\"", shape: String = "[2]", offsets: String = "[0,8]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\(type),\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  static let rows: [Row] = [
    Row("nothing", "0 bytes", []),
    Row("a size alone, cut short", "7 bytes", [1, 0, 0, 0, 0, 0, 0]),
    Row("a header of 100 MB", "104857600 bytes, more than", little(100 << 20, 8) + [123, 125]),
    Row("the largest header", "more than", [UInt8](repeating: 255, count: 8) + [123, 125]),
    Row("a header longer than the file", "in a file of 10", little(3, 8) + [123, 125]),
    Row("an empty header", "not a JSON object", little(0, 8)),
    Row("a list", "not a JSON object", header: "[]", data: 0),
    Row("a space before the object", "not a JSON object", header: " {}", data: 0),
    Row("no JSON", "not valid JSON", header: "{\(entry())"),
    Row("no UTF-8", "not valid JSON", little(4, 8) + Array("{\"".utf8) + [0xFF] + Array("}".utf8)),
    Row("two objects", "not valid JSON", header: "{}{}", data: 0),
    Row(
      "objects in objects", "not valid JSON",
      header: String(repeating: "{\"a\":", count: 5000) + "1" + String(repeating: "}", count: 5000)),
    Row("a tensor that is a number", "of the wrong kind", header: "{\"w\":1}"),
    Row("no type", "has no 'dtype'", header: "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}"),
    Row("no shape", "has no 'shape'", header: "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}"),
    Row("no place", "has no 'data_offsets'", header: "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}"),
    Row("an unknown type", "'F31', which is not known", header: "{\(entry(type: "\"F31\""))}"),
    Row("a type that is a number", "wrong kind", header: "{\(entry(type: "32"))}"),
    Row("a shape that is a number", "wrong kind", header: "{\(entry(shape: "2"))}"),
    Row("a shape of fractions", "", header: "{\(entry(shape: "[1.5]"))}"),
    Row("a negative shape", "has 8 bytes", header: "{\(entry(shape: "[-2]"))}"),
    Row("two negative extents", "has 8 bytes", header: "{\(entry(shape: "[-2,-1]"))}"),
    Row("a shape that is too large", "has 8 bytes", header: "{\(entry(shape: "[3]"))}"),
    Row("a shape that is too small", "has 8 bytes", header: "{\(entry(shape: "[1]"))}"),
    Row(
      "a shape beyond all numbers", "has 8 bytes",
      header: "{\(entry(shape: "[4294967296,4294967296]"))}"),
    Row(
      "a shape that comes round", "has 8 bytes",
      header: "{\(entry(shape: "[4611686018427387904,2]"))}"),
    Row(
      "too many dimensions", "17 dimensions",
      header:
        "{\(entry(shape: "[" + Array(repeating: "1", count: 16).joined(separator: ",") + ",2]"))}"),
    Row("one offset", "have no place", header: "{\(entry(offsets: "[8]"))}"),
    Row("three offsets", "have no place", header: "{\(entry(offsets: "[0,8,8]"))}"),
    Row("an end before the beginning", "have no place", header: "{\(entry(offsets: "[8,0]"))}"),
    Row("a negative offset", "have no place", header: "{\(entry(offsets: "[-8,0]"))}"),
    Row(
      "an offset that is no number", "", header: "{\(entry(offsets: "[0,99999999999999999999]"))}"),
    Row(
      "out of bounds", "ends at byte 16 of 8", header: "{\(entry(shape: "[4]", offsets: "[0,16]"))}"
    ),
    Row(
      "far out of bounds", "ends at byte",
      header: "{\(entry(offsets: "[9223372036854775799,9223372036854775807]"))}"),
    Row(
      "overlapping", "overlaps",
      header: "{\(entry()),\(entry("v", shape: "[1]", offsets: "[4,8]"))}"),
    Row("the same place twice", "overlaps", header: "{\(entry()),\(entry("v"))}"),
    Row("a hole", "4 bytes before", header: "{\(entry(offsets: "[4,12]"))}", data: 12),
    Row("bytes left over", "its last 4 bytes", header: "{\(entry())}", data: 12),
    Row("a name twice", "a name twice", header: "{\(entry()),\(entry())}"),
    Row(
      "a name twice in two spellings", "a name twice", header: "{\(entry()),\(entry("\\u0077"))}"),
    Row(
      "a key twice", "a name twice",
      header: "{\"w\":{\"dtype\":\"F16\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"),
    Row(
      "an unknown key", "a key that is not known",
      header: "{\"w\":{\"x\":0,\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"),
    Row(
      "metadata that are no texts", "wrong kind", header: "{\"__metadata__\":{\"a\":1},\(entry())}"),
    Row(
      "metadata twice", "a name twice",
      header: "{\"__metadata__\":{},\"__metadata__\":{},\(entry())}"),
    Row(
      "a text twice", "a name twice",
      header: "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"},\(entry())}"),
  ]

  @Test("the file that the others are made from is good")
  func good() throws {
    let file = try TensorList(
      safetensors: Self.file("{\"__metadata__\":{\"a:\\\"\":\":\"},\(Self.entry("a:b\\\\"))}  "))
    #expect(file["a:b\\"]?.floats() == [0, 0])
    #expect(file.metadata == ["a:\"": ":"])
  }

  @Test("is refused", arguments: rows)
  func refused(row: Row) throws {
    let error = #expect(throws: TensorFileError.self) { try TensorList(safetensors: row.bytes) }
    let message = "\(try #require(error))"
    #expect(message.hasPrefix("not a good safetensors file: "))
    #expect(row.problem.isEmpty || message.contains(row.problem), "\(message)")
    #expect(message.utf8.count < 400)
  }

  @Test("every cut is refused")
  func cut() {
    let good = Self.file("{\(Self.entry())}")
    for count in good.indices {
      #expect(throws: TensorFileError.self) { try TensorList(safetensors: Array(good[..<count])) }
    }
  }
}
