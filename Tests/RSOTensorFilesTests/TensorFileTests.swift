import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Entries of tensor files")
struct TensorFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ bytes: [UInt8]) throws -> TensorFile {
    let path = try directory.write(bytes, to: "file").path
    return try #require(try TensorFile.open(path))
  }

  /// The elements of an entry, read in parts of `partSize` bytes.
  private func elements(
    _ entry: TensorEntry, of file: TensorFile, partSize: Int = 1 << 16
  ) throws -> [UInt8] {
    let reader = try file.reader(of: entry)
    var part = [UInt8](repeating: 0, count: partSize)
    var bytes: [UInt8] = []
    while true {
      let count = try part.withUnsafeMutableBytes { try reader.read(into: $0) }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
  }

  private func safetensors(_ header: String, _ data: [UInt8]) -> [UInt8] {
    little(header.utf8.count, 8) + Array(header.utf8) + data
  }

  private func header(_ entries: [(name: String, type: String, shape: [Int], size: Int)]) -> String
  {
    var offset = 0
    let members = entries.map { entry in
      defer { offset += entry.size }
      return """
        "\(entry.name)":{"dtype":"\(entry.type)","shape":\(entry.shape),\
        "data_offsets":[\(offset),\(offset + entry.size)]}
        """
    }
    return "{\(members.joined(separator: ","))}"
  }

  @Test("a tensor of a type that is not decoded leaves the others readable")
  func types() throws {
    let file = try open(
      safetensors(
        header([
          ("c", "C64", [1], 8), ("e", "F8_E4M3", [2], 2), ("f", "F4", [4], 2), ("w", "F32", [1], 4),
          ("x", "F31", [3], 2),
        ]), [0, 0, 128, 63, 0, 0, 0, 64, 0x38, 0x7E, 0x12, 0x34, 0, 0, 64, 192, 9, 9]))
    #expect(file.entries.map(\.name) == ["c", "e", "f", "w", "x"])
    #expect(file.entries.map(\.type.name) == ["complex64", "float8_e4m3", "F4", "float32", "F31"])
    #expect(
      file.entries.map(\.problem) == [
        nil, nil, nil, nil, "it is of type 'F31', which is not known",
      ])
    #expect(try elements(file.entries[0], of: file) == [0, 0, 128, 63, 0, 0, 0, 64])
    #expect(try elements(file.entries[2], of: file) == [0x12, 0x34])
    let numbers = try file.list(maximumSize: 100) { $0.type.element != nil }
    #expect(numbers["w"]?.floats() == [-3])
    #expect(numbers["e"]?.floats() == [1, 448])
    #expect(throws: TensorFileError.self) { try file.reader(of: file.entries[4]) }
  }

  @Test(
    "the elements of orders and byte orders are delivered row-major and little-endian",
    arguments: [4, 20, 1 << 16])
  func orders(partSize: Int) throws {
    let path = Fixtures.url("tensors/orders.npz").path
    let file = try #require(try TensorFile.open(path))
    for entry in file.entries where entry.name != "zeros" {
      let bytes = try elements(entry, of: file, partSize: partSize)
      let expected: [UInt8] =
        entry.name == "big_fortran"
        ? (0..<24).flatMap { littleEndianBytes([Int16((Float($0) / 8 - 1).rounded(.towardZero))]) }
        : littleEndianBytes((0..<24).map { (Float($0) / 8 - 1).bitPattern })
      #expect(bytes == expected, "\(entry.name)")
    }
  }

  @Test("numpy's objects and records are named, and what is beside them is read")
  func objects() throws {
    let path = Fixtures.url("datasets/objects.npz").path
    let file = try #require(try TensorFile.open(path))
    #expect(file.entries.map(\.name) == ["X", "y"])
    #expect(file.entries[0].problem == nil)
    #expect(file.entries[1].type == .other("object"))
    #expect(file.entries[1].problem == "it holds pickled objects, which are not read")
  }

  @Test("texts are counted UTF-8, and a scalar text is also metadata")
  func texts() throws {
    let header = "{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }"
    let texts = ["a", "\u{E4}b"]
    let data = texts.flatMap { text in
      let scalars = text.unicodeScalars.map(\.value)
      return (0..<2).flatMap { little($0 < scalars.count ? Int(scalars[$0]) : 0, 4) }
    }
    let file = try open(.npy(header: header, data: data))
    #expect(file.format == .npy)
    #expect(file.entries.map(\.type) == [.text])
    let expected: [UInt8] = [1, 0, 0, 0, 97, 3, 0, 0, 0, 0xC3, 0xA4, 98]
    for partSize in [1, 5, 100] {
      #expect(try elements(file.entries[0], of: file, partSize: partSize) == expected)
    }
    let kinds = try #require(try TensorFile.open(Fixtures.url("tensors/kinds.npz").path))
    #expect(kinds.metadata == ["text": "gr\u{FC}n"])
    #expect(kinds["text"]?.type == .text)
  }

  @Test("a file that becomes shorter while it is read gives an error")
  func shortened() throws {
    let values = [UInt8](repeating: 1, count: 1 << 20)
    let bytes = safetensors(header([("w", "U8", [1 << 20], 1 << 20)]), values)
    let file = try open(bytes)
    let reader = try file.reader(of: file.entries[0])
    var part = [UInt8](repeating: 0, count: 1 << 16)
    #expect(try part.withUnsafeMutableBytes { try reader.read(into: $0) } == 1 << 16)
    truncate(file.path, 1000)
    let error = #expect(throws: TensorFileError.self) {
      try part.withUnsafeMutableBytes { try reader.read(into: $0) }
    }
    #expect(error?.problem == "tensor 'w': the file has become shorter")
  }

  @Test("the values of 8-bit floating-point numbers are those of their definitions")
  func float8() throws {
    let e4m3 = try #require(Float8.table(.float8E4M3))
    #expect(
      [0x38, 0xB8, 0x00, 0x7E, 0x08, 0x01, 0x40, 0x30].map { e4m3[$0] }
        == [1, -1, 0, 448, 0x1p-6, 0x1p-9, 2, 0.5])
    #expect(e4m3[0x7F].isNaN && e4m3[0xFF].isNaN)
    let e5m2 = try #require(Float8.table(.float8E5M2))
    #expect([0x3C, 0x7B, 0x7C, 0x01].map { e5m2[$0] } == [1, 57344, .infinity, 0x1p-16])
    let e8m0 = try #require(Float8.table(.float8E8M0))
    #expect([0, 127, 254].map { e8m0[$0] } == [0x1p-127, 1, 0x1p127])
    #expect(e8m0[255].isNaN)
    let fnuz = try #require(Float8.table(.float8E4M3FNUZ))
    #expect([0x40, 0x7F, 0x01].map { fnuz[$0] } == [1, 240, 0x1p-10])
    #expect(fnuz[0x80].isNaN)
    let wide = try #require(Float8.table(.float8E5M2FNUZ))
    #expect([0x40, 0x7F, 0x01].map { wide[$0] } == [1, 57344, 0x1p-17])
    #expect(Float8.table(.float32) == nil)
  }
}
