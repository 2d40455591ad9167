import RSOCheckpoints
import RSOExporters
import RSOTensorFiles
import TensorAnalysis

extension FoundFile {
  /// The entries of a file that is not a checkpoint; of a checkpoint the numbers of its network, named as in
  /// its exports.
  package func tensorFile() throws -> TensorFile {
    switch self {
    case .tensors(let file): return file
    case .checkpoint(let found):
      var list = try WeightsFile.tensors(of: found.stored.checkpoint)
      list.tensors.removeAll { CompanionNames.contains($0.name) }
      return TensorFile(list, path: found.path, format: .hdf5)
    }
  }

  /// The entries to compare with those of another file. Beside a checkpoint, an export of rso has no entries
  /// that are no numbers of the network.
  package func tensorFile(comparedWith other: FoundFile) throws -> TensorFile {
    var file = try tensorFile()
    guard case .checkpoint = other else { return file }
    let isExport =
      file.metadata["generator"]?.hasPrefix("rso ") ?? false
      || file.entries.contains { $0.name.hasPrefix("state_dict/") }
    if isExport {
      file = try IntegerWeights.expanded(file)
      file.entries.removeAll { $0.type == .text || CompanionNames.contains($0.name) }
    }
    return file
  }
}
