import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Entries of ONNX models")
struct ONNXTests {
  @Test(
    "every initialiser is an entry, with the type, shape and elements that onnx wrote, or not read",
    arguments: ["kinds.onnx", "external.onnx"])
  func expected(name: String) throws {
    try ExpectedTensors.check(name, in: "tensors/onnx", format: .onnx)
  }

  static let problems: [(name: String, problem: String)] = [
    (
      "above", "its numbers are in '../onnx/external.bin', which is not below the model's directory"
    ),
    ("absolute", "its numbers are in '/etc/passwd', which is not below the model's directory"),
    (
      "missing",
      "its numbers are in 'missing.bin', which cannot be read: no such file or directory"
    ),
    ("beyond", "its numbers are in 'external.bin', which is too short"),
    ("short", "its numbers are in 'external.bin': 4 bytes for a shape of 2 x 3 x 4"),
  ]

  @Test("numbers in other files that are out of reach are named", arguments: problems)
  func external(name: String, problem: String) throws {
    let path = Fixtures.url("tensors/onnx/external.onnx").path
    let file = try #require(try TensorFile.open(path))
    #expect(file[name]?.problem == problem)
  }

  @Test("a link out of the model's directory is not followed")
  func link() throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.copyItem(
      at: Fixtures.url("tensors/onnx/external.onnx"),
      to: directory.url.appendingPathComponent("model.onnx"))
    try FileManager.default.createSymbolicLink(
      at: directory.url.appendingPathComponent("external.bin"),
      withDestinationURL: Fixtures.url("tensors/onnx/external.bin"))
    let path = directory.url.appendingPathComponent("model.onnx").path
    let file = try #require(try TensorFile.open(path))
    #expect(
      file["first"]?.problem
        == "its numbers are in 'external.bin', which is not below the model's directory")
  }
}
