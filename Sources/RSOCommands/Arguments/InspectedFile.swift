import RSOCheckpoints
import RSOExporters
import RSORuns
import RSOSystem
import RSOTensorFiles

/// What a path leads to: a checkpoint, or another program's file of tensors.
enum InspectedFile {
  case checkpoint(CheckpointArgument)
  case tensors(FoundTensors, format: String, path: String)

  /// Larger files are not read.
  private static let maximumBytes = 1 << 31

  init(_ argument: String) throws {
    if CheckpointArgument.isDirectory(argument) {
      self = .checkpoint(try CheckpointArgument(argument))
      return
    }
    let path = try CheckpointArgument.file(argument)
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.maximumBytes)
    do {
      let stored = try CheckpointReader.load(bytes, path: path)
      self = .checkpoint(CheckpointArgument(path: path, stored: stored))
    } catch CheckpointError.notCheckpoint {
      self = .tensors(try FoundTensors.hdf5(bytes, path: path), format: "HDF5", path: path)
    } catch CheckpointError.notHDF5 {
      guard let (file, format) = try TensorFile.decode(bytes, path: path) else {
        throw CommandError.unknownFile(path)
      }
      self = .tensors(FoundTensors(file), format: format, path: path)
    }
  }
}

extension TensorFile {
  /// The file and what its format is called; nil where it is none of those that rso reads, HDF5 aside.
  ///
  /// *Throws:* `CommandError.badWeights`.
  static func decode(_ bytes: [UInt8], path: String) throws -> (TensorFile, format: String)? {
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

extension CheckpointArgument {
  init(path: String, stored: SealedCheckpoint) {
    self.path = path
    self.stored = stored
  }
}

extension FoundTensors {
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
