import Foundation
import RSOExporters
import RSOSystem
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Files of tensors in other formats")
struct ConversionTests {
  /// Tensors of every type that all formats hold, a text, and a tensor of several parts of the buffer.
  private static func source(_ directory: TemporaryDirectory) throws -> TensorFile {
    let numbers = (0..<600_000).map { Float($0) * 0.1 }
    let list = TensorList(
      tensors: [
        NamedTensor(name: "layer/w", shape: [600, 1000], values: numbers),
        NamedTensor(name: "layer/d", shape: [2], doubles: [0.1, -.infinity]),
        NamedTensor(name: "n", shape: [2, 1], integers: [Int64.min, 7]),
        NamedTensor(name: "none", shape: [0, 3], values: [Float]()),
        NamedTensor(name: "scalar", shape: [], values: [Float(7)]),
        NamedTensor(
          name: "u", elementType: .uint8, shape: [3], bytes: [1, 2, 255]),
      ], metadata: ["note": "a \"b\" / ü"])
    let texts: [NPZWriter.Texts] = [
      ("texts", [2, 2], ["", "a", "ü \u{1F600}", "a\u{0}b"]), ("ü", [], ["x"]),
    ]
    try directory.write(NPZWriter.encode(list, texts: texts), to: "a.npz")
    return try #require(try TensorFile.open(directory("a.npz")))
  }

  private static func contents(_ file: TensorFile) throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for entry in file.entries where file.metadata[entry.name] == nil {
      var bytes = Array("\(entry.type.name) \(entry.shape)\n".utf8)
      try file.copyElements(of: entry) { bytes.append(contentsOf: $0) }
      contents[entry.name] = bytes
    }
    return contents
  }

  @Test(
    "everything comes back as it was, and a file has the bytes of standard output",
    arguments: [ExportFormat.npz, .h5, .onnx, .safetensors])
  func everything(format: ExportFormat) throws {
    let directory = try TemporaryDirectory()
    var source = try Self.source(directory)
    source.entries.removeAll {
      source.metadata[$0.name] != nil || format == .safetensors && $0.type == .text
    }
    let path = directory("b.\(format.rawValue)")
    try DurableFile.write(to: path, size: 0) {
      try TensorConversion.write(source, as: format, to: $0)
    }
    let written = try #require(try TensorFile.open(path))
    #expect(try Self.contents(written) == Self.contents(source))
    #expect(format == .h5 || written.metadata["note"] == "a \"b\" / ü")
    let answer = try collectedBytes { try TensorConversion.write(source, as: format, to: $0) }
    #expect(try answer == [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
  }

  @Test("nothing is left of a file whose source cannot be read to the end")
  func damagedSource() throws {
    let directory = try TemporaryDirectory()
    var source = try Self.source(directory)
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: directory("a.npz"))))
    bytes[1000] ^= 1
    try directory.write(bytes, to: "a.npz")
    source.entries.removeAll { $0.type == .text }
    for format in [ExportFormat.npz, .h5, .onnx, .safetensors] {
      #expect(throws: TensorFileError.self) {
        try DurableFile.write(to: directory("b"), size: 0) {
          try TensorConversion.write(source, as: format, to: $0)
        }
      }
    }
    #expect(try directory.names(in: "") == ["a.npz"])
  }

  @Test("numpy, safetensors, h5py and onnx read every number, text and name")
  func otherTools() throws {
    let directory = try TemporaryDirectory()
    let source = try Self.source(directory)
    for format in TensorConversion.formats {
      var content = source
      content.entries.removeAll {
        source.metadata[$0.name] != nil || format == .safetensors && $0.type == .text
      }
      try DurableFile.write(to: directory("b.\(format.rawValue)"), size: 0) {
        try TensorConversion.write(content, as: format, to: $0)
      }
    }
    let answer = try Python.run("exporters/check_conversions.py", [directory.path])
    // Six arrays of numbers and one of texts. The lone text is metadata, which are arrays only in npz;
    // safetensors has no arrays of texts.
    #expect(String(decoding: answer, as: UTF8.self) == "h5 7\nnpz 8\nonnx 7\nsafetensors 6\n")
  }
}
