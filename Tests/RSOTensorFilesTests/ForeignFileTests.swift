import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Files that are something else")
struct ForeignFileTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]) {
      (testDescription, self.bytes) = (description, bytes)
    }

    init(_ description: String, _ text: String) { self.init(description, Array(text.utf8)) }
  }

  private static let html =
    "an HTML page, as a server sends instead of a file; fetch the file again"
  private static let pickle =
    "a pickle of Python, which can run programs and is not read; save its arrays as npz or "
    + "safetensors"
  private static let saved =
    "which is not read; load it in TensorFlow and save its variables as npz, HDF5 or safetensors"

  static let rows: [Row] = [
    Row("an empty file; fetch or write it again", ""),
    Row(html, "\n<!DOCTYPE html>\n<html>"), Row(html, "<html lang='en'>"),
    Row(
      "a pointer of git-lfs to the file; fetch the file with 'git lfs pull'",
      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1234\n"),
    Row(
      "an HTML page compressed with gzip, as a server sends instead of a file; "
        + "fetch the file again",
      [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xB3, 0xC9, 0x28, 0xC9, 0xCD,
        0xB1, 0xB3, 0x29, 0xC9, 0x2C, 0xC9, 0x49, 0xB5, 0x33, 0x31, 0x30, 0xB6, 0xD1, 0x87, 0x30,
        0x6D, 0xF4, 0xC1, 0x12, 0x00, 0x0C, 0xFB, 0x42, 0x2F, 0x1F, 0x00, 0x00, 0x00,
      ]),
    Row(
      "a file compressed with gzip twice; unpack it twice with 'gunzip'",
      [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x93, 0xEF, 0xE6, 0x60, 0x00,
        0x01, 0x26, 0x66, 0x6F, 0x1F, 0x2F, 0x36, 0x86, 0x43, 0x8E, 0x2A, 0xA6, 0xCC, 0x40, 0x2E,
        0x00, 0xD9, 0x2A, 0x73, 0x50, 0x17, 0x00, 0x00, 0x00,
      ]),
    Row(
      "a file compressed with gzip; unpack it with 'gunzip'",
      [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x9B, 0xEC, 0x17, 0xEA, 0x1B,
        0x10, 0x09, 0x00, 0x61, 0x76, 0x6E, 0xE1, 0x06, 0x00, 0x00, 0x00,
      ]),
    Row(pickle, [0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E]),
    Row(pickle, [0x80, 2, 0x7D, 0x2E]),
    Row("a file compressed with zstd; unpack it with 'zstd -d'", [0x28, 0xB5, 0x2F, 0xFD, 4]),
    Row("a file compressed with xz; unpack it with 'xz -d'", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]),
    Row("a file compressed with bzip2; unpack it with 'bzip2 -d'", "BZh91AY"),
    Row(
      "a tar archive; unpack it with 'tar -xf' and name a file in it",
      Array("weights".utf8) + [UInt8](repeating: 0, count: 250) + Array("ustar".utf8) + [0]),
    Row(
      "a PNG picture, not a file of tensors",
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]),
    Row("a JPEG picture, not a file of tensors", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]),
    Row(
      "a TensorFlow Lite model, which is not read; save the weights of the model that it was made "
        + "from", [0x1C, 0, 0, 0] + Array("TFL3".utf8)),
    Row(
      "a TensorFlow SavedModel, \(saved)", [8, 1, 0x12, 0x96, 0x42, 0x0A, 0x05, 0x1A, 0x03]),
    Row(
      "the index of a TensorFlow checkpoint, \(saved)",
      [0, 0, 3, 8, 1] + [UInt8](repeating: 0, count: 40)
        + [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]),
    Row("an IDX file of samples or labels; it is read with --data", [0, 0, 8, 3, 0, 0, 0, 1]),
    Row("a JSON text, not a file of tensors", "  {\"a\": [1, 2]}\n"),
    Row("a text file, not a file of tensors", "length,width\n1,2\n"),
    Row("a text file, not a file of tensors", "gr\u{FC}n"),
  ]

  @Test("a file is named by its content, with what to do", arguments: rows)
  func named(row: Row) throws {
    let memory = try MemoryFile(row.bytes)
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(memory.path) }
    #expect(error.map { "\($0)" } == row.testDescription)
  }

  @Test("the form of PyTorch before version 1.6 is named, with how to rewrite it")
  func legacy() throws {
    let path = Fixtures.url("tensors/pytorch/legacy.pt").path
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(path) }
    #expect(
      error.map { "\($0)" }
        == "a PyTorch file in the form before version 1.6; rewrite it in Python "
        + "with torch.save(torch.load('OLD', weights_only=True), 'NEW')")
  }

  @Test("the data of a TensorFlow checkpoint are known by their name")
  func data() throws {
    let directory = try TemporaryDirectory()
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0x7B, 9]
    let path = try directory.write(bytes, to: "variables.data-00000-of-00001").path
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(path) }
    #expect(error.map { "\($0)" } == "the data of a TensorFlow checkpoint, \(Self.saved)")
  }

  @Test("a zip archive without arrays is named by what it has")
  func archive() throws {
    let memory = try MemoryFile(Pickle.zip([("a.txt", [1]), ("b/c.bin", [2])]))
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(memory.path) }
    #expect(
      error.map { "\($0)" } == "a zip archive without arrays of numpy or PyTorch; it has 'a.txt', "
        + "'b/c.bin'; unpack it and name a file in it")
  }

  @Test("a zip archive that is cut asks for its end")
  func cut() throws {
    let memory = try MemoryFile(try Fixtures.data("tensors/pytorch/views.pt").prefix(1000))
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(memory.path) }
    #expect(
      error.map { "\($0)" }
        == "not a good PyTorch file: it has no directory; its end may be missing"
    )
  }

  @Test("bytes without a mark are no file of tensors")
  func unknown() throws {
    let memory = try MemoryFile([1, 2, 3] as [UInt8])
    #expect(try TensorFile.open(memory.path) == nil)
  }
}
