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
    guard case .file(let path) = try ArgumentPath(argument) else {
      self = .checkpoint(try FoundCheckpoint(argument))
      return
    }
    do {
      if let file = try TensorFile.open(path) {
        self = .tensors(file)
        return
      }
    } catch let error as TensorFileError {
      throw CommandError.badWeights(path, reason: "\(error)")
    }
    // What is left of HDF5 is a checkpoint.
    let file = try InputFile(path)
    guard TensorFileFormat(of: try file.bytes(TensorFileFormat.startSize, at: 0)) == .hdf5 else {
      throw CommandError.unknownFile(path)
    }
    let bytes = try file.contents(maximumBytes: Self.maximumBytes)
    let stored = try CheckpointReader.load(bytes, path: path)
    self = .checkpoint(FoundCheckpoint(path: path, stored: stored))
  }

  /// The warnings of `FoundCheckpoint`.
  package func warnings() throws -> [String] {
    if case .checkpoint(let found) = self { try found.warnings() } else { [] }
  }
}
