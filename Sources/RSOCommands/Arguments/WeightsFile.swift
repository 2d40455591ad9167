import RSOCheckpoints
import RSOExporters
import RSONetworks
import RSOSearch
import RSOSystem
import RSOTensorFiles

/// The weights in a file: in another tool's, or in a checkpoint.
struct WeightsFile {
  /// Larger files are not read.
  private static let maximumBytes = 1 << 31

  let path: String
  let architecture: Architecture
  let content: ImportedWeights

  /// - Parameters:
  ///   - name: A file; of a run directory the newest checkpoint, `RUN@40` the one after cycle 40.
  ///   - asked: The network that they must be of; nil for the one that the file names.
  init(_ name: String, architecture asked: Architecture?) throws {
    let path =
      CheckpointArgument.isDirectory(name)
      ? try CheckpointArgument(name).path : try CheckpointArgument.file(name)
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.maximumBytes)
    let file: TensorFile
    let named: Architecture?
    if TensorFileFormat(of: bytes) == .hdf5 {
      let checkpoint = try Self.checkpoint(bytes, path: path)
      (file, named) = (try Self.tensors(of: checkpoint), checkpoint.plan.architecture)
    } else {
      guard let (decoded, _) = try TensorFile.decode(bytes, path: path) else {
        throw CommandError.badWeights(
          path, reason: "neither safetensors nor npz, ONNX or a checkpoint of rso")
      }
      file = decoded
      named = try asked ?? Self.architecture(in: file, path: path)
    }
    guard let architecture = asked ?? named else {
      throw CommandError.unknownNetwork(weights: path)
    }
    do {
      content = try NetworkImport.weights(in: file, architecture: architecture)
    } catch let error as ImportError {
      throw CommandError.unfitWeights(path, reason: "\(error)")
    }
    self.path = path
    self.architecture = architecture
  }

  /// What a plan says of them.
  var identity: InitialParameters { InitialParameters(content.parameters, from: path) }

  private static func architecture(in file: TensorFile, path: String) throws -> Architecture? {
    do {
      return try NetworkImport.architecture(in: file)
    } catch {
      throw CommandError.badWeights(path, reason: "its metadata: \(error)")
    }
  }

  private static func checkpoint(_ bytes: [UInt8], path: String) throws -> Checkpoint {
    do {
      return try CheckpointReader.load(bytes, path: path).checkpoint
    } catch CheckpointError.notCheckpoint {
      throw CommandError.badWeights(
        path,
        reason:
          "an HDF5 file, but not an rso checkpoint; of bare weights safetensors, npz and ONNX are read"
      )
    }
  }

  private static func tensors(of checkpoint: Checkpoint) throws -> TensorFile {
    let dictionary = StateDictionary(try StageGraph(checkpoint.plan.architecture).layout)
    var file = TensorFile(
      tensors: dictionary.tensors(
        parameters: checkpoint.state.parameters, statistics: checkpoint.statistics))
    NetworkImport.add(checkpoint.plan.normalization, to: &file)
    return file
  }
}
