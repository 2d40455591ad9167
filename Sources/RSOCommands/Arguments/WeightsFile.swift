import RSOCheckpoints
import RSOExporters
import RSONetworks
import RSOSearch
import RSOSystem
import RSOTensorFiles

/// The weights in a file of another tool, or in a checkpoint.
package struct WeightsFile {
  package let path: String
  package let architecture: Architecture
  package let content: ImportedWeights
  /// Lines about files that were skipped to find the checkpoint.
  package let warnings: [String]

  /// Reads the weights of the file that `argument` names, as `FoundFile` finds it.
  ///
  /// - Parameter asked: The network that the weights must fit; nil for the one that the file names.
  ///
  /// *Throws:* `CommandError.unfitWeights`, `.unknownNetwork`, `.badWeights`; `ArchitectureError.noNetwork`; the
  /// errors of `FoundFile`.
  package init(_ argument: String, architecture asked: Architecture?) throws {
    let found = try FoundFile(argument)
    let file: TensorList
    let named: Architecture?
    switch found {
    case .checkpoint(let found):
      let checkpoint = found.stored.checkpoint
      path = found.path
      (file, named) = (try Self.tensors(of: checkpoint), checkpoint.plan.architecture)
    case .tensors(let tensors):
      let found = try Self.named(tensors)
      path = found.path
      file = try Self.numbers(of: found)
      named = try asked ?? Self.architecture(in: file, path: path)
      if let network = asked ?? named { try Self.checkReadable(found, network) }
    }
    guard let architecture = asked ?? named else {
      throw CommandError.unknownNetwork(weights: path)
    }
    try architecture.requireNetwork()
    do {
      content = try NetworkImport.weights(in: file, architecture: architecture)
    } catch let error as ImportError {
      throw CommandError.unfitWeights(path, reason: "\(error)")
    }
    self.architecture = architecture
    warnings = try found.warnings()
  }

  /// The form in which a plan records the weights.
  package var identity: InitialParameters { InitialParameters(content.parameters, from: path) }

  /// The most bytes of the numbers of a network.
  private static let maximumBytes = 1 << 33

  /// The entries with the names that a network's tensors have.
  private static func named(_ file: TensorFile) throws -> TensorFile {
    do {
      return file.format == .hdf5 ? try WeightsHDF5.named(file) : file
    } catch {
      throw CommandError.badWeights(file.path, reason: "\(error)")
    }
  }

  private static func numbers(of file: TensorFile) throws -> TensorList {
    do {
      return try file.list(maximumSize: maximumBytes) {
        $0.type.element != nil && $0.problem == nil
      }
    } catch {
      throw CommandError.badWeights(file.path, reason: "\(error)")
    }
  }

  /// *Throws:* `CommandError.badWeights` if a tensor of the network is in the file, but cannot be read.
  private static func checkReadable(_ file: TensorFile, _ architecture: Architecture) throws {
    let names = Set(StateDictionary(try architecture.layout()).entries.map(\.name))
    for entry in file.entries where names.contains(entry.name) {
      guard let problem = entry.problem else { continue }
      let error = TensorFileError(
        format: file.format.title, problem: "tensor \(quoted(entry.name)): \(problem)")
      throw CommandError.badWeights(file.path, reason: "\(error)")
    }
  }

  private static func architecture(in file: TensorList, path: String) throws -> Architecture? {
    do {
      return try NetworkImport.architecture(in: file)
    } catch {
      throw CommandError.badWeights(path, reason: "its metadata: \(error)")
    }
  }

  /// The network of a checkpoint as its exports have it.
  static func tensors(of checkpoint: Checkpoint) throws -> TensorList {
    let dictionary = StateDictionary(try checkpoint.plan.architecture.layout())
    var file = TensorList(
      tensors: dictionary.tensors(
        parameters: checkpoint.state.parameters, statistics: checkpoint.statistics))
    NetworkImport.add(checkpoint.plan.normalization, to: &file)
    return file
  }
}
