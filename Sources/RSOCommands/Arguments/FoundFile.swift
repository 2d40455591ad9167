import RSOCheckpoints
import RSOExporters
import RSORuns
import RSOSystem
import RSOTensorFiles

/// The content of the file that an argument names: a checkpoint, or tensors of another program.
package enum FoundFile {
  case checkpoint(FoundCheckpoint)
  /// A safetensors, npz or ONNX file.
  case tensors(TensorFile, format: String, path: String)
  /// An HDF5 file that is not a checkpoint. Its arrays are not read yet.
  case hdf5([UInt8], path: String)

  /// Larger files are refused. The limit is 2 GiB.
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
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.maximumBytes)
    do {
      let stored = try CheckpointReader.load(bytes, path: path)
      self = .checkpoint(FoundCheckpoint(path: path, stored: stored))
    } catch CheckpointError.notCheckpoint {
      self = .hdf5(bytes, path: path)
    } catch CheckpointError.notHDF5 {
      guard let (file, format) = try Self.decode(bytes, path: path) else {
        throw CommandError.unknownFile(path)
      }
      self = .tensors(file, format: format, path: path)
    }
  }

  /// The warnings of `FoundCheckpoint`.
  package func warnings() throws -> [String] {
    if case .checkpoint(let found) = self { try found.warnings() } else { [] }
  }

  /// Returns the file's tensors and the name of its format; nil for a format that rso does not read.
  private static func decode(
    _ bytes: [UInt8], path: String
  ) throws -> (TensorFile, format: String)? {
    do {
      switch TensorFileFormat(of: bytes) {
      case .safetensors: return (try SafetensorsReader.decode(bytes), "safetensors")
      case .npz: return (try NPZReader.decode(bytes), "npz")
      case .onnx: return (try ONNXReader.decode(bytes), "ONNX")
      case .hdf5, nil: return nil
      }
    } catch {
      throw CommandError.badWeights(path, reason: "\(error)")
    }
  }
}

extension FoundTensors {
  /// Takes the tensors of floating-point numbers, and lists the names of the others.
  init(_ file: TensorFile) {
    let (numbers, rest) = file.tensors.reduce(into: ([NamedTensor](), [NamedTensor]())) {
      if $1.elementType.isFloatingPoint { $0.0.append($1) } else { $0.1.append($1) }
    }
    self.init(
      tensors: numbers.map { tensor in
        FoundTensor(
          name: tensor.name, shape: tensor.shape, elementType: tensor.elementType.rawValue,
          values: tensor.doubles() ?? tensor.floats().map(Double.init))
      }, others: rest.map(\.name))
  }
}
