import Foundation
import RSOCheckpoints
import RSORuns
import TestSupport
import Testing

@Suite("Resealing")
struct ResealTests {
  let temporary: TemporaryDirectory

  init() throws { temporary = try TemporaryDirectory() }

  private func copy(_ fixture: String, to name: String) throws -> String {
    let path = temporary(name)
    try Fixtures.data("checkpoints/\(fixture).h5").write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("an edited file is accepted with the edit, another identity, and a note of when")
  func edited() throws {
    let path = try copy("edited", to: "x.h5")
    let original = try CheckpointReader.read(Fixtures.url("checkpoints/v1/tiny.h5").path)
    #expect(throws: CheckpointError.self) { try CheckpointReader.read(path) }
    #expect(try Reseal.accept(path, date: 77) == .resealed(hasNewState: true))
    let accepted = try CheckpointReader.read(path)
    #expect(accepted.stateSHA256 != original.stateSHA256)
    #expect(accepted.checkpoint.provenance.resealed == 77)
    // The statistics belonged to the weights of before.
    #expect(original.checkpoint.statistics != nil && accepted.checkpoint.statistics == nil)
    let changed = zip(accepted.checkpoint.state.parameters, original.checkpoint.state.parameters)
      .filter { $0 != $1 }
    #expect(changed.map(\.0) == [1])
  }

  @Test("a file that is as it was written stays as it is")
  func unchanged() throws {
    let path = try copy("v1/tiny", to: "x.h5")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try Reseal.accept(path) == .unchanged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("an edit that makes it no checkpoint is refused, and the file left alone")
  func refused() throws {
    let path = try copy("annotated", to: "x.h5")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(
      throws: CheckpointError.malformed(
        path: path, object: "/note", problem: "not part of a checkpoint")
    ) { try Reseal.accept(path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    let foreign = try copy("foreign", to: "y.h5")
    #expect(throws: CheckpointError.notCheckpoint(path: foreign)) { try Reseal.accept(foreign) }
  }

  @Test("in a run directory the copy of last.h5 goes with it, and nobody else may be writing")
  func run() throws {
    let directory = try RunDirectory.create(at: temporary("run"))
    let paths = directory.paths
    for name in ["last", "last-copy"] { _ = try copy("edited", to: "run/\(name).h5") }
    #expect {
      try Reseal.accept(paths.last)
    } throws: { error in
      if case RunError.inUse = error { true } else { false }
    }
    let path = try release(directory)
    #expect(try Reseal.accept(path, date: 5) == .resealed(hasNewState: true))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: paths.last))
        == Data(contentsOf: URL(fileURLWithPath: paths.lastCopy)))
  }

  private func release(_ directory: consuming RunDirectory) throws -> String {
    directory.paths.last
  }
}
