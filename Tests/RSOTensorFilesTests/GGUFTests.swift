import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("GGUF")
struct GGUFTests {
  private static func open(_ file: String) throws -> TensorFile {
    try #require(try TensorFile.open(Fixtures.url("tensors/gguf/\(file)").path))
  }

  private static func read(_ bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
    let memory = try MemoryFile(bytes)
    defer { withExtendedLifetime(memory) {} }
    guard let file = try TensorFile.open(memory.path) else {
      throw TensorFileError(format: "none", problem: "not recognised")
    }
    return try file.entries.filter { $0.problem == nil }.map { entry in
      try file.reader(of: entry).bytes(atMost: entry.byteCount ?? 0)
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test(
    "tensors have names, shapes and bytes as the gguf package reads them",
    arguments: ["kinds.gguf", "aligned.gguf"])
  func bytes(name: String) throws {
    let json = try JSONSerialization.jsonObject(
      with: Fixtures.data("tensors/gguf/expected.json"))
    let all = try #require(json as? [String: [[Any]]])
    let expected = try #require(all[name])
    let types = [
      "F32": "float32", "F16": "float16", "F64": "float64", "I8": "int8", "I16": "int16",
      "I32": "int32", "I64": "int64", "BF16": "bfloat16",
    ]
    let file = try Self.open(name)
    #expect(file.format == .gguf)
    #expect(file.entries.count == 12)
    #expect(file.entries.count == expected.count)
    for (entry, expected) in zip(file.entries, expected) {
      let type = try #require(expected[1] as? String)
      #expect(entry.name == expected[0] as? String)
      #expect(entry.type.name == types[type] ?? type)
      #expect(entry.shape == expected[2] as? [Int])
      let size = try #require(entry.byteCount)
      let bytes = try file.reader(of: entry).bytes(atMost: size)
      #expect(Self.hexadecimal(bytes) == expected[3] as? String, "\(entry.name)")
    }
  }

  @Test("quantised tensors have their type and their size")
  func quantised() throws {
    let file = try Self.open("kinds.gguf")
    let shown = file.entries.suffix(4).map { "\($0.type.name) \($0.byteCount ?? -1)" }
    #expect(shown == ["Q8_0 544", "Q4_0 288", "Q5_1 384", "TQ1_0 108"])
    #expect(file.entries.suffix(4).allSatisfy { $0.shape == [2, 256] && $0.problem == nil })
  }

  @Test("a big-endian file has the numbers of the little-endian one")
  func order() throws {
    let big = try Self.open("kinds-big.gguf")
    let little = try Self.open("kinds.gguf")
    let names = big.entries.map(\.name)
    #expect(names.count == 7)
    let one = try big.list(maximumSize: 1 << 20)
    let other = try little.list(maximumSize: 1 << 20) { names.contains($0.name) }
    #expect(one.tensors == other.tensors)
    #expect(big.metadata == little.metadata)
  }

  @Test("values of each type are metadata, and long arrays are described")
  func metadata() throws {
    let expected = [
      "general.architecture": "llama", "general.name": "small", "test.u8": "200", "test.i8": "-3",
      "test.u16": "60000", "test.i16": "-300", "test.i32": "-70000",
      "test.u64": "18446744073709551615", "test.i64": "-1099511627776", "test.f32": "0.5",
      "test.f64": "0.25", "test.yes": "true", "test.short": "[1, 2, 3]",
      "test.long": "array of 40 int32", "test.words": "[a, b]", "test.many": "array of 40 text",
    ]
    #expect(try Self.open("kinds.gguf").metadata == expected)
    #expect(
      try Self.open("aligned.gguf").metadata
        == expected.merging(["general.alignment": "128"]) { first, _ in first })
  }

  @Test("each cut is an error, and no changed byte ends the program")
  func damage() throws {
    let good = [UInt8](try Fixtures.data("tensors/gguf/kinds.gguf"))
    let whole = try Self.read(good)
    // The file ends with padding, which no tensor needs.
    let end = good.count - 20
    for count in 0..<end {
      #expect(throws: TensorFileError.self, "\(count)") { try Self.read(good[..<count]) }
    }
    for place in good.indices {
      var bytes = good
      bytes[place] ^= 0x81
      if let found = try? Self.read(bytes) { #expect(found.count <= whole.count) }
    }
  }

  /// A file with one tensor of 8 numbers.
  private func file(
    version: Int = 3, count: Int = 1, values: [UInt8] = [], valueCount: Int = 0,
    shape: [Int] = [2, 4], type: Int = 0, offset: Int = 0, name: String = "w", copies: Int = 1
  ) -> [UInt8] {
    var bytes = Array("GGUF".utf8) + little(version, 4) + little(count, 8) + little(valueCount, 8)
    bytes += values
    for _ in 0..<copies {
      bytes += little(name.utf8.count, 8) + Array(name.utf8) + little(shape.count, 4)
      bytes += shape.flatMap { little($0, 8) } + little(type, 4) + little(offset, 8)
    }
    bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    return bytes + (0..<8).flatMap { little(Int(Float($0).bitPattern), 4) }
  }

  @Test("dimensions are in the order of numpy")
  func shape() throws {
    let memory = try MemoryFile(file())
    let found = try #require(try TensorFile.open(memory.path))
    #expect(found.entries.map(\.shape) == [[4, 2]])
    #expect(try found.list(maximumSize: 32)["w"]?.floats() == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(throws: Never.self) { try Self.read(file(version: 2)) }
  }

  @Test("a tensor of a type that is not known is named")
  func type() throws {
    let memory = try MemoryFile(file(type: 36))
    let found = try #require(try TensorFile.open(memory.path))
    #expect(found.entries.map(\.type) == [.other("type 36")])
    #expect(found.entries[0].problem == "it is of type 36, which is not known")
  }

  @Test("a malformed file is an error")
  func malformed() throws {
    func text(_ text: String) -> [UInt8] { little(text.utf8.count, 8) + Array(text.utf8) }
    let rows: [(problem: String, bytes: [UInt8])] = [
      ("its version is 1", file(version: 1)), ("its version is 4", file(version: 4)),
      ("more than are read", file(count: 1 << 40)), ("number of tensors", file(count: -1)),
      ("the name of a tensor", file(count: 9)), ("is there twice", file(count: 2, copies: 2)),
      ("cannot have the shape", file(shape: [1 << 62, 1 << 62])),
      ("cannot have the shape", file(shape: [2, 4], type: 8)),
      ("ends after the file", file(shape: [3, 4])), ("ends after the file", file(offset: 32)),
      ("ends after the file", file(offset: .max)), ("its number of", file(offset: -1)),
      ("dimensions", file(shape: [Int](repeating: 1, count: 17))),
      ("of type 13", file(values: text("a") + little(13, 4), valueCount: 1)),
      (
        "has 'a' twice",
        file(values: text("a") + little(0, 4) + [1] + text("a") + little(0, 4) + [1], valueCount: 2)
      ),
      (
        "its alignment is '0'",
        file(values: text("general.alignment") + little(4, 4) + little(0, 4), valueCount: 1)
      ),
      (
        "header ends early",
        file(
          values: text("a") + little(9, 4) + little(10, 4) + little(1 << 61, 8), valueCount: 1)
      ),
      (
        "header ends early",
        file(values: text("a") + little(9, 4) + little(8, 4) + little(.max, 8), valueCount: 1)
      ),
    ]
    for row in rows {
      let error = #expect(throws: TensorFileError.self) { try Self.read(row.bytes) }
      #expect(
        error?.problem.contains(row.problem) == true, "\(row.problem): \(error?.problem ?? "")")
    }
  }

  @Test("tensors that share bytes are an error")
  func overlap() throws {
    var bytes = Array("GGUF".utf8) + little(3, 4) + little(2, 8) + little(0, 8)
    for name in ["v", "w"] {
      bytes += little(1, 8) + Array(name.utf8) + little(1, 4) + little(4, 8)
      bytes += little(0, 4) + little(0, 8)
    }
    bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32 + 32)
    let error = #expect(throws: TensorFileError.self) { try Self.read(bytes) }
    #expect(error?.problem == "tensors 'v' and 'w' overlap")
  }
}
