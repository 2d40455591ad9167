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

  /// Reads a file that was edited on purpose since it was written: it is taken as it is now, under a
  /// digest of its own. The rest is checked as ever.
  ///
  /// The statistics of a state that is not the stated one any more are left out, for they belong to
  /// the parameters that were there before.
  ///
  /// - Returns: Besides, whether the state is another than the file says.
  package static func readEdited(
    _ path: String
  ) throws(CheckpointError) -> (SealedCheckpoint, hasNewState: Bool) {
    let file = try RegularFile.read(path, maximumBytes: CheckpointSchema.maximumFileSize)
    let header = try UserBlock(unchecked: file, path: path)
    guard file.count > UserBlock.size,
      let bytes = UserBlock.seal(Array(file[UserBlock.size...]), generator: header.generator)
    else { throw .truncated(path: path, expected: header.length, found: file.count) }
    let (sealed, isAsStated) = try load(bytes, path: path, acceptsEdits: true)
    return (sealed, !isAsStated)
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
    try load(bytes, path: path, acceptsEdits: false).0
  }

  private static func load(
    _ bytes: [UInt8], path: String, acceptsEdits: Bool
  ) throws(CheckpointError) -> (SealedCheckpoint, isAsStated: Bool) {
    let userBlock = try UserBlock(of: bytes, path: path)
    do {
      let file = try HDF5File(bytes: bytes)
      let parser = CheckpointParser(userBlock: userBlock, acceptsEdits: acceptsEdits)
      let (checkpoint, stateSHA256, isAsStated) = try parser.parse(try file.root())
      let sealed = SealedCheckpoint(
        checkpoint: checkpoint, userBlock: userBlock, stateSHA256: stateSHA256)
      return (sealed, isAsStated)
    } catch {
      let defect = Defect(error, in: "/")
      throw .malformed(path: path, object: defect.object, problem: defect.problem)
    }
  }
}
