import RSOCheckpoints
import RSOExporters
import RSORuns
import RSOSystem
import RSOTensorFiles

/// The content of the file that an argument names: a checkpoint, or tensors of another program.
package enum FoundFile {
  case checkpoint(FoundCheckpoint)
  /// Tensors of another program.
  case tensors(TensorFile)
  /// An HDF5 file that is not a checkpoint. Its arrays are not read yet.
  case hdf5([UInt8], path: String)

  /// Larger checkpoints, HDF5 and ONNX files are refused. The limit is 2 GiB.
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
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.maximumBytes)
    do {
      let stored = try CheckpointReader.load(bytes, path: path)
      self = .checkpoint(FoundCheckpoint(path: path, stored: stored))
    } catch CheckpointError.notCheckpoint {
      self = .hdf5(bytes, path: path)
    } catch CheckpointError.notHDF5 {
      guard TensorFileFormat(of: bytes) == .onnx else { throw CommandError.unknownFile(path) }
      do {
        self = .tensors(TensorFile(try ONNXReader.decode(bytes), path: path, format: .onnx))
      } catch {
        throw CommandError.badWeights(path, reason: "\(error)")
      }
    }
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
