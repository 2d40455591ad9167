import RSOCheckpoints
import RSOCommands
import RSONetworks
import RSORuns
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Paths of arguments")
struct ArgumentTests {
  /// A directory with a run of two cycles in `run`.
  private func sandbox() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let ends = try SmallRun.boundaries().filter(\.isCycleEnd)
    for (cycle, end) in ends.enumerated() {
      let bytes = try CheckpointWriter.encode(end)
      try directory.write(bytes, to: "run/ckpt-00000\(cycle).h5")
      try directory.write(bytes, to: "run/last.h5")
      if cycle == 1 { try directory.write(bytes, to: "run/best.h5") }
    }
    return directory
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return reason(error)
    }
  }

  @Test("name a run directory, a file, or a state of a run")
  func kinds() throws {
    let directory = try sandbox()
    let run = directory("run")
    #expect(try ArgumentPath(run) == .directory(run))
    #expect(try ArgumentPath("\(run)/last.h5") == .file("\(run)/last.h5"))
    for (state, file) in [
      ("0", "ckpt-000000"), ("2", "ckpt-000002"), ("last", "last"), ("best", "best"),
    ] {
      #expect(try ArgumentPath("\(run)@\(state)") == .file("\(run)/\(file).h5"))
    }
    #expect(try ArgumentPath(directory("none")) == .file(directory("none")))
    #expect(try ArgumentPath(directory("none@1")) == .file(directory("none@1")))
    #expect(try ArgumentPath("\(run)@first").path == "\(run)@first")
    #expect(try ArgumentPath("\(run)@-1").path == "\(run)@-1")
    #expect(
      message { _ = try ArgumentPath("\(run)@7") }
        == "'\(run)' has no checkpoint of cycle 7; it has cycles 0 to 2")
  }

  @Test("a name with @ that exists is taken as it is")
  func existing() throws {
    let directory = try sandbox()
    try directory.write([1], to: "run@2")
    #expect(try ArgumentPath(directory("run@2")) == .file(directory("run@2")))
  }

  @Test("a run directory means its newest state, or its last.h5")
  func newest() throws {
    let directory = try sandbox()
    for choice in [FoundCheckpoint.Choice.newest, .last] {
      let found = try FoundCheckpoint(directory("run"), choosing: choice)
      #expect(found.path == directory("run/last.h5"))
      #expect(try found.warnings().isEmpty)
      #expect(try found.extent() == "after 2 cycles")
    }
    #expect(try FoundCheckpoint(directory("run@1")).extent() == "after 1 cycle")
  }

  @Test(
    "a damaged last.h5 is skipped with a warning, by every verb in the same words",
    arguments: [FoundCheckpoint.Choice.newest, .last])
  func fallback(choice: FoundCheckpoint.Choice) throws {
    let directory = try sandbox()
    try directory.write([1, 2, 3], to: "run/last.h5")
    let found = try FoundCheckpoint(directory("run"), choosing: choice)
    #expect(found.path == directory("run/ckpt-000002.h5"))
    let warnings = try found.warnings()
    #expect(warnings.count == 2)
    #expect(warnings[0].contains("'\(directory("run/last.h5"))': not an HDF5 file"))
    #expect(warnings[1] == "using '\(directory("run/ckpt-000002.h5"))', after 2 cycles")
    let network = try ChosenNetwork(directory("run"), meanOfLast: nil, choosing: choice)
    #expect(network.warnings == warnings)
    #expect(try WeightsFile(directory("run"), architecture: nil).warnings == warnings)
    #expect(try FoundFile(directory("run")).warnings() == warnings)
  }

  @Test("a mean needs a run directory")
  func mean() throws {
    let directory = try sandbox()
    let mean = try ChosenNetwork(directory("run"), meanOfLast: 2, choosing: .last)
    #expect(mean.cycles == [1, 2] && mean.stateSHA256 == nil && mean.checkpoint.statistics == nil)
    #expect(
      mean.lackOfStatistics
        == "the mean of the weights has no batch-norm statistics; computing them from the training "
        + "set first")
    #expect(throws: (any Error).self) {
      try ChosenNetwork(directory("run@1"), meanOfLast: 2, choosing: .last)
    }
  }

  @Test("a file is recognised by its content, not by its name")
  func content() throws {
    let directory = try sandbox()
    let end = try FoundCheckpoint(directory("run")).stored.checkpoint
    try directory.write(try CheckpointWriter.encode(end), to: "a.txt")
    guard case .checkpoint(let found) = try FoundFile(directory("a.txt")) else {
      Issue.record("not a checkpoint")
      return
    }
    #expect(found.path == directory("a.txt"))
    let tensors = TensorList(tensors: [NamedTensor(name: "x", shape: [2], values: [Float(1), 2])])
    try directory.write(try NPZWriter.encode(tensors), to: "b")
    guard case .tensors(let file) = try FoundFile(directory("b")) else {
      Issue.record("not an npz file")
      return
    }
    #expect(file.format == .npz)
    #expect(file.path == directory("b"))
    #expect(file.entries.map(\.name) == ["x"])
  }

  @Test("other files, and weights that fit nothing, are refused with what is read")
  func refused() throws {
    let directory = try sandbox()
    try directory.write("text".utf8, to: "a.txt")
    let text = "cannot read '\(directory("a.txt"))': a text file, not a file of tensors"
    #expect(message { _ = try FoundFile(directory("a.txt")) } == text)
    #expect(message { _ = try WeightsFile(directory("a.txt"), architecture: nil) } == text)
    try directory.write([1, 2, 3], to: "a.bin")
    let unknown =
      "cannot read '\(directory("a.bin"))': not a checkpoint, HDF5, safetensors, PyTorch, npz, npy, "
      + "GGUF or ONNX file"
    #expect(message { _ = try FoundFile(directory("a.bin")) } == unknown)
    #expect(message { _ = try WeightsFile(directory("a.bin"), architecture: nil) } == unknown)
    let tensors = TensorList(tensors: [NamedTensor(name: "x", shape: [2], values: [Float(1), 2])])
    try directory.write(try NPZWriter.encode(tensors), to: "b.npz")
    #expect(
      message { _ = try WeightsFile(directory("b.npz"), architecture: nil) }
        == "'\(directory("b.npz"))' does not name its network; name one with --preset or --arch")
    let nested = Fixtures.url("inspection/nested.h5").path
    #expect(
      message { _ = try WeightsFile(nested, architecture: nil) }
        == "'\(nested)' does not name its network; name one with --preset or --arch")
  }

  @Test("a directory with a model in several files is that model, unless it is a run")
  func models() throws {
    let path = Fixtures.url("tensors/shards/safetensors").path
    guard case .tensors(let file) = try FoundFile(path) else {
      Issue.record("not a model")
      return
    }
    #expect(file.entries.count == 3)
    let directory = try sandbox()
    let shard = try Fixtures.data(
      "tensors/shards/safetensors/model-00001-of-00002.safetensors")
    try directory.write(shard, to: "net/model.safetensors")
    guard case .tensors = try FoundFile(directory("net")) else {
      Issue.record("not a model")
      return
    }
    let checkpoint = try Fixtures.data("checkpoints/v1/tiny.h5")
    try directory.write(checkpoint, to: "net/last.h5")
    guard case .checkpoint = try FoundFile(directory("net")) else {
      Issue.record("not a run")
      return
    }
  }

  @Test("control characters of paths are escaped in messages")
  func escaped() throws {
    let directory = try sandbox()
    try directory.write("text".utf8, to: "a\u{1B}[31m\n")
    #expect(
      message { _ = try FoundFile(directory("a\u{1B}[31m\n")) }
        == "cannot read '\(directory.path)/a\\x1B[31m\\n': a text file, not a file of tensors")
  }
}
