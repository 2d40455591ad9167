import RSOCheckpoints
import TestSupport
import Testing

@Suite struct StoredFixtureTests {
  @Test("a file that was written by the first release is read, and means the same")
  func firstRelease() throws {
    let path = Fixtures.url("checkpoints/tiny.h5").path
    let sealed = try CheckpointReader.read(path)
    #expect(try sealed.checkpoint == Sample.checkpoint())
    #expect(sealed.userBlock.version == FormatVersion(major: 1, minor: 0))
  }

  @Test("a checkpoint that was changed with h5py is told from one that was not")
  func edited() throws {
    for name in ["edited", "annotated"] {
      let path = Fixtures.url("checkpoints/\(name).h5").path
      #expect(throws: CheckpointError.modified(path: path)) { try CheckpointReader.read(path) }
    }
  }

  @Test("an HDF5 file of another program is not taken for a checkpoint")
  func foreign() throws {
    let path = Fixtures.url("checkpoints/foreign.h5").path
    #expect(throws: CheckpointError.notCheckpoint(path: path)) { try CheckpointReader.read(path) }
  }

  @Test("a file larger than the bound is refused before it is read")
  func bound() throws {
    let path = Fixtures.url("checkpoints/tiny.h5").path
    let size = try Fixtures.data("checkpoints/tiny.h5").count
    #expect(throws: CheckpointError.tooLarge(path: path, bytes: size, limit: size - 1)) {
      try CheckpointReader.read(path, maximumBytes: size - 1)
    }
    #expect(try CheckpointReader.read(path, maximumBytes: size).userBlock.length == size)
  }

  @Test("what is not a file is refused, without waiting for it")
  func notAFile() throws {
    #expect(
      throws: CheckpointError.cannotOpen(path: "/no/such", reason: "No such file or directory")
    ) { try CheckpointReader.read("/no/such") }
    for path in ["/", "/dev/null"] {
      #expect(throws: CheckpointError.cannotOpen(path: path, reason: "not a regular file")) {
        try CheckpointReader.read(path)
      }
    }
  }
}
