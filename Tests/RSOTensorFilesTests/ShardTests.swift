import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Models in several files")
struct ShardTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func copy(_ folder: String, without left: String = "") throws {
    for file in try FileManager.default.contentsOfDirectory(
      atPath: Fixtures.url("tensors/shards/\(folder)").path) where file != left
    {
      try directory.write(try Fixtures.data("tensors/shards/\(folder)/\(file)"), to: file)
    }
  }

  private func write(_ map: [String: String]) throws -> String {
    let json = try JSONSerialization.data(withJSONObject: ["weight_map": map])
    return try directory.write(json, to: "model.safetensors.index.json").path
  }

  private func open(_ path: String) throws -> TensorFile { try #require(try TensorFile.open(path)) }

  @Test(
    "an index and its directory give the tensors of all files",
    arguments: [
      ("safetensors", "model.safetensors.index.json", TensorFileFormat.safetensors),
      ("safetensors", "", .safetensors), ("pytorch", "pytorch_model.bin.index.json", .pytorch),
      ("pytorch", "", .pytorch),
    ])
  func whole(folder: String, name: String, format: TensorFileFormat) throws {
    let file = try open(Fixtures.url("tensors/shards/\(folder)/\(name)").path)
    #expect(file.format == format)
    #expect(Set(file.entries.map(\.name)) == ["a.weight", "a.bias", "b.weight"])
    #expect(file.entries.count == 3)
    #expect(file.metadata["total_size"] == "52")
    let list = try file.list(maximumSize: 100)
    #expect(list["a.weight"]?.floats() == [0, 1, 2, 3, 4, 5])
    #expect(list["a.weight"]?.shape == [2, 3])
    #expect(list["a.bias"]?.floats() == [0.5, -0.5])
    #expect(list["a.bias"]?.elementType == .bfloat16)
    #expect(list["b.weight"]?.elementType == .int32)
  }

  @Test("files with numbers are one model without an index")
  func numbered() throws {
    try copy("safetensors", without: "model.safetensors.index.json")
    #expect(try open(directory.path).entries.count == 3)
    try FileManager.default.removeItem(atPath: directory("model-00001-of-00002.safetensors"))
    let file = try open(directory.path)
    #expect(file.entries.map(\.name) == ["b.weight", "model-00001-of-00002.safetensors"])
    #expect(file.entries[1].problem == "the file is missing")
  }

  @Test("the tensors of a missing file are entries with the reason")
  func missing() throws {
    try copy("safetensors", without: "model-00002-of-00002.safetensors")
    let file = try open(directory.path)
    #expect(file.entries.map(\.name).sorted() == ["a.bias", "a.weight", "b.weight"])
    let problem = try #require(file["b.weight"]?.problem)
    #expect(
      problem.hasPrefix("its file 'model-00002-of-00002.safetensors' cannot be read: "))
    #expect(file["a.weight"]?.problem == nil)
  }

  @Test("the tensors of a damaged file are entries with the reason")
  func damaged() throws {
    try copy("safetensors")
    let name = "model-00001-of-00002.safetensors"
    let bytes = try Fixtures.data("tensors/shards/safetensors/\(name)")
    for count in 0..<bytes.count {
      try directory.write(bytes[..<count], to: name)
      let file = try open(directory.path)
      #expect(file.entries.count == 3)
      #expect(file.entries.filter { $0.problem != nil }.count == 2)
    }
  }

  @Test("a tensor that is not in its file, or in another one, is an entry of its own")
  func absent() throws {
    try copy("safetensors", without: "model.safetensors.index.json")
    let (one, two) = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    let path = try write(["a.weight": one, "b.weight": one, "c": two])
    let file = try open(path)
    let shown = file.entries.map { "\($0.name): \($0.problem ?? "read")" }
    #expect(
      shown.sorted() == [
        "a.bias: read", "a.weight: read", "b.weight: its file '\(one)' does not have it",
        "b.weight: read", "c: its file '\(two)' does not have it",
      ])
  }

  @Test(
    "no file outside the directory is read",
    arguments: ["/etc/passwd", "../x.safetensors", "a/../../x.safetensors", "", "a\0b", "a//b"])
  func outside(name: String) throws {
    let file = try open(try write(["w": name]))
    #expect(file.entries.count == 1)
    #expect(file.entries[0].problem?.hasSuffix("its name leads out of the directory") == true)
  }

  @Test("an index that names an index, or a text, is not followed")
  func nested() throws {
    let file = try open(try write(["w": "model.safetensors.index.json"]))
    #expect(
      file.entries.map(\.problem) == [
        "its file 'model.safetensors.index.json' cannot be read: a JSON text, not a file of tensors"
      ])
  }

  @Test("an index that is none is an error")
  func malformed() throws {
    for text in [
      "{\"weight_map\": 3}", "{\"weight_map\": {\"w\": 3}}", "{\"weight_map\": {\"w\": \"x\"",
      "{\"metadata\": {}}", "{", "{}",
    ] {
      let path = try directory.write(text.utf8, to: "model.safetensors.index.json").path
      #expect(throws: TensorFileError.self, "\(text)") { try TensorFile.open(path) }
    }
  }

  @Test("a directory with two models asks for one, and one without a model is none")
  func directories() throws {
    #expect(try TensorFile.open(directory.path) == nil)
    try directory.write("x".utf8, to: "a.safetensors.index.json")
    try directory.write("x".utf8, to: "b.safetensors.index.json")
    let error = #expect(throws: TensorFileError.self) { try TensorFile.open(directory.path) }
    #expect(
      error.map { "\($0)" } == "a directory with several indices: 'a.safetensors.index.json', "
        + "'b.safetensors.index.json'; name one of them")
  }
}
