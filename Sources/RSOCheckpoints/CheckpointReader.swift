import HDF5
import HDF5Isolation
import RSOSystem

/// A checkpoint from a file.
package struct SealedCheckpoint: Sendable, Hashable {
  package var checkpoint: Checkpoint
  /// The file's user block; its digest identifies the file.
  package var userBlock: UserBlock
  /// The identity of the run at this position; see `StateDigest`.
  package var stateSHA256: String

  package init(checkpoint: Checkpoint, userBlock: UserBlock, stateSHA256: String) {
    self.checkpoint = checkpoint
    self.userBlock = userBlock
    self.stateSHA256 = stateSHA256
  }
}

/// Reads checkpoint files: first the bytes, then the digest, then the content.
///
/// A digest does not prove that a file is harmless. So all content is checked as well, and no more memory
/// is taken than the file's size justifies. libhdf5 parses the bytes in another process; see
/// `ContentsProcess`.
package enum CheckpointReader {
  /// Reads the file at `path`.
  ///
  /// - Parameter maximumBytes: The largest size that is read. A larger file is refused before it is
  ///   read.
  ///
  /// *Throws:* `CheckpointError`.
  package static func read(
    _ path: String, maximumBytes: Int = CheckpointSchema.maximumFileSize
  ) throws(CheckpointError) -> SealedCheckpoint {
    let bytes = try contents(of: path, maximumBytes: maximumBytes)
    return try load(bytes, path: path, contents: isolated).0
  }

  /// Reads the file at `path`.
  ///
  /// - Parameter program: The `rso` whose process parses the file; nil to parse it in this process, where libhdf5
  ///   may crash or run foreign code.
  ///
  /// *Throws:* `CheckpointError`.
  static func read(
    _ path: String, parsingWith program: String?
  ) throws(CheckpointError) -> SealedCheckpoint {
    let bytes = try contents(of: path, maximumBytes: CheckpointSchema.maximumFileSize)
    guard let program else { return try loadInThisProcess(bytes, path: path) }
    return try load(bytes, path: path) { bytes, path throws(CheckpointError) in
      do throws(ContentsProcessError) {
        return try ContentsProcess(program: program).contents(of: bytes)
      } catch {
        throw CheckpointError(error, path: path)
      }
    }.0
  }

  /// Reads a file that was edited on purpose. Its stated digests are ignored; all other checks are
  /// made.
  ///
  /// If the state changed, the statistics are dropped: they belong to the previous parameters.
  ///
  /// - Returns: The checkpoint, and whether the state differs from the one that the file states.
  package static func readEdited(
    _ path: String
  ) throws(CheckpointError) -> (SealedCheckpoint, hasNewState: Bool) {
    let file = try contents(of: path, maximumBytes: CheckpointSchema.maximumFileSize)
    let header = try UserBlock(unchecked: file, path: path)
    guard file.count > UserBlock.size,
      let bytes = UserBlock.seal(
        Array(file[UserBlock.size...]), generator: header.generator, version: header.version)
    else { throw .truncated(path: path, expected: header.length, found: file.count) }
    let (sealed, isAsStated) = try load(
      bytes, path: path, acceptsEdits: true, contents: isolated)
    return (sealed, !isAsStated)
  }

  /// The checkpoint in the bytes of a file; `path` is for messages.
  package static func decode(
    _ bytes: [UInt8], path: String
  ) throws(CheckpointError) -> Checkpoint {
    try load(bytes, path: path).checkpoint
  }

  /// The checkpoint in the bytes of a file, with its identity; `path` is for messages.
  package static func load(
    _ bytes: [UInt8], path: String
  ) throws(CheckpointError) -> SealedCheckpoint {
    try load(bytes, path: path, contents: isolated).0
  }

  /// The same with libhdf5 in this process, where it may crash: for tests, fuzzers and trusted files.
  package static func loadInThisProcess(
    _ bytes: [UInt8], path: String
  ) throws(CheckpointError) -> SealedCheckpoint {
    try load(bytes, path: path) { bytes, _ throws(CheckpointError) in
      Result { () throws(HDF5Error) in
        try HDF5Contents.extract(from: bytes, HDF5Contents.Limits(bytes: bytes.count))
      }
    }.0
  }

  /// The checkpoint in an answer of the process in which libhdf5 runs; nil for bytes that are no answer.
  package static func interpret(
    _ answer: [UInt8], userBlock: UserBlock, path: String
  ) throws(CheckpointError) -> SealedCheckpoint? {
    guard let contents = HDF5Contents.decode(answer) else { return nil }
    return try interpret(contents, userBlock, path: path, acceptsEdits: false).0
  }

  private typealias Contents = Result<HDF5Contents.Group, HDF5Error>

  private static func isolated(
    _ bytes: [UInt8], _ path: String
  ) throws(CheckpointError) -> Contents {
    do throws(ContentsProcessError) {
      return try ContentsProcess().contents(of: bytes)
    } catch {
      throw CheckpointError(error, path: path)
    }
  }

  private static func contents(
    of path: String, maximumBytes: Int
  ) throws(CheckpointError) -> [UInt8] {
    do throws(FileReadError) {
      return try InputFile.contents(of: path, maximumBytes: maximumBytes)
    } catch {
      throw CheckpointError(error)
    }
  }

  private static func load(
    _ bytes: [UInt8], path: String, acceptsEdits: Bool = false,
    contents: (_ bytes: [UInt8], _ path: String) throws(CheckpointError) -> Contents
  ) throws(CheckpointError) -> (SealedCheckpoint, isAsStated: Bool) {
    let userBlock = try UserBlock(of: bytes, path: path)
    return try interpret(
      try contents(bytes, path), userBlock, path: path, acceptsEdits: acceptsEdits)
  }

  private static func interpret(
    _ contents: Contents, _ userBlock: UserBlock, path: String, acceptsEdits: Bool
  ) throws(CheckpointError) -> (SealedCheckpoint, isAsStated: Bool) {
    do {
      let parser = CheckpointParser(userBlock: userBlock, acceptsEdits: acceptsEdits)
      let (checkpoint, stateSHA256, isAsStated) = try parser.parse(try contents.get())
      let sealed = SealedCheckpoint(
        checkpoint: checkpoint, userBlock: userBlock, stateSHA256: stateSHA256)
      return (sealed, isAsStated)
    } catch {
      let defect = Defect(error, in: "/")
      throw .malformed(path: path, object: defect.object, problem: defect.problem)
    }
  }
}
