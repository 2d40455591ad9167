import RSOTensorFiles

extension WeightsHDF5 {
  /// The most bytes of an architecture.
  private static let longestArchitecture = 1 << 24

  /// Returns the entries of an HDF5 file with the names that `NetworkImport` knows: `encode`'s become
  /// PyTorch's, and in any other file the groups of a name are separated by dots.
  ///
  /// *Throws:* `TensorFileError` for a text of the architecture that cannot be read.
  package static func named(_ file: TensorFile) throws(TensorFileError) -> TensorFile {
    var named = file
    let dictionary = "state_dict/"
    let isOwn = file.entries.contains { $0.name.hasPrefix(dictionary) }
    for (index, entry) in file.entries.enumerated() {
      switch entry.name {
      case "normalization/mean" where isOwn: named.entries[index].name = MetadataKey.mean
      case "normalization/std" where isOwn:
        named.entries[index].name = MetadataKey.standardDeviation
      case MetadataKey.architecture where entry.type == .text && entry.problem == nil:
        // A text is its length in 4 bytes, and its bytes.
        let bytes = try file.reader(of: entry).bytes(atMost: longestArchitecture)
        named.metadata[MetadataKey.architecture] = String(
          decoding: bytes.dropFirst(4), as: UTF8.self)
      case let name:
        let own = isOwn && name.hasPrefix(dictionary) ? name.dropFirst(dictionary.count) : name[...]
        named.entries[index].name = own.split(separator: "/").joined(separator: ".")
      }
    }
    return named
  }
}
