import HDF5

/// A checkpoint as it was found in a file.
package struct SealedCheckpoint: Sendable, Hashable {
  package var checkpoint: Checkpoint
  /// What the file's user block says; the digest in it identifies the file.
  package var userBlock: UserBlock
  /// The run's identity at this point; see `StateDigest`.
  package var stateSHA256: String

  package init(checkpoint: Checkpoint, userBlock: UserBlock, stateSHA256: String) {
    self.checkpoint = checkpoint
    self.userBlock = userBlock
    self.stateSHA256 = stateSHA256
  }
}

/// Reads checkpoint files: bytes first, then the digest, and only then what they mean.
///
/// A digest proves integrity, not good will: everything after it is checked as well, and memory is
/// taken for nothing that the file's own size does not cover. (What libhdf5 itself makes of hostile
/// bytes with a valid digest is beyond this reader.)
package enum CheckpointReader {
  /// Reads the file at `path`.
  ///
  /// - Parameter maximumBytes: A larger file is refused before it is read.
  package static func read(
    _ path: String, maximumBytes: Int = CheckpointSchema.maximumFileSize
  ) throws(CheckpointError) -> SealedCheckpoint {
    try load(try RegularFile.read(path, maximumBytes: maximumBytes), path: path)
  }

  /// The checkpoint in the bytes of a file; `path` is for messages.
  package static func decode(
    _ bytes: [UInt8], path: String
  ) throws(CheckpointError) -> Checkpoint {
    try load(bytes, path: path).checkpoint
  }

  /// The checkpoint in the bytes of a file, and what identifies it; `path` is for messages.
  package static func load(
    _ bytes: [UInt8], path: String
  ) throws(CheckpointError) -> SealedCheckpoint {
    let userBlock = try UserBlock(of: bytes, path: path)
    do {
      let file = try HDF5File(bytes: bytes)
      let parser = CheckpointParser(userBlock: userBlock)
      let (checkpoint, stateSHA256) = try parser.parse(try file.root())
      return SealedCheckpoint(
        checkpoint: checkpoint, userBlock: userBlock, stateSHA256: stateSHA256)
    } catch {
      let defect = Defect(error, in: "/")
      throw .malformed(path: path, object: defect.object, problem: defect.problem)
    }
  }
}
