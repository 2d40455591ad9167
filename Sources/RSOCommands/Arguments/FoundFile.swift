import RSOCheckpoints
import RSORuns
import RSOSystem
import RSOTensorFiles

/// The content of the file that an argument names: a checkpoint, or tensors of another program.
package enum FoundFile {
  case checkpoint(FoundCheckpoint)
  /// Tensors of another program.
  case tensors(TensorFile)

  /// Larger checkpoints are refused. The limit is 2 GiB.
  private static let maximumBytes = 1 << 31

  /// Finds the file of `argument` as `FoundCheckpoint` does, and recognises it by its content.
  ///
  /// *Throws:* `CommandError.unknownFile` for any other kind of file, `CommandError.badWeights` for a
  /// damaged one; `CheckpointError`, `RunError`.
  package init(_ argument: String) throws {
    let place = try ArgumentPath(argument)
    if !place.isRun, let file = try Self.tensorFile(place.path) {
      self = .tensors(file)
      return
    }
    guard case .file(let path) = place else {
      self = .checkpoint(try FoundCheckpoint(argument))
      return
    }
    // An HDF5 file that `tensorFile` does not take is a checkpoint.
    let file = try InputFile(path)
    guard TensorFileFormat(of: try file.bytes(TensorFileFormat.startSize, at: 0)) == .hdf5 else {
      throw CommandError.unknownFile(path)
    }
    let bytes = try file.contents(maximumBytes: Self.maximumBytes)
    let stored = try CheckpointReader.load(bytes, path: path)
    self = .checkpoint(FoundCheckpoint(path: path, stored: stored))
  }

  /// A file or a directory with tensors of another program; nil for any other.
  private static func tensorFile(_ path: String) throws -> TensorFile? {
    do {
      return try TensorFile.open(path)
    } catch let error as TensorFileError {
      throw CommandError.badWeights(path, reason: "\(error)")
    } catch is SystemError {
      // A directory that cannot be read; what looks for checkpoints in it says so.
      return nil
    }
  }

  /// The warnings of `FoundCheckpoint`.
  package func warnings() throws -> [String] {
    if case .checkpoint(let found) = self { try found.warnings() } else { [] }
  }
}
