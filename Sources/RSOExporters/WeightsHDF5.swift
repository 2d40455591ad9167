import HDF5
import RSOTensorFiles

/// A network's numbers as an HDF5 file, without its training:
///
///     /state_dict/MODULE/NAME     float32, named as in PyTorch
///     /normalization/mean, std    float64, one value per channel
///     /architecture               JSON text
///
/// The texts of its origin are attributes of the root group.
package enum WeightsHDF5 {
  static func encode(_ network: TrainedNetwork) throws -> [UInt8] {
    let file = try HDF5File()
    let root = try file.root()
    for (name, text) in network.origin.sorted(by: { $0.key < $1.key }) {
      try root.setAttribute(name, text)
    }
    let metadata = try network.metadata()
    try root.write(text: metadata[MetadataKey.architecture] ?? "", as: MetadataKey.architecture)
    let normalization = try root.createGroup("normalization")
    let channels = [network.normalization.mean.count]
    try normalization.write(network.normalization.mean, shape: channels, as: "mean")
    try normalization.write(network.normalization.divisors, shape: channels, as: "std")

    let group = try root.createGroup("state_dict")
    let dictionary = try network.stateDictionary()
    var members: [String: [StateDictionary.Entry]] = [:]
    for entry in dictionary.entries {
      members[String(entry.name.prefix { $0 != "." }), default: []].append(entry)
    }
    for (module, entries) in members.sorted(by: { $0.key < $1.key }) {
      let member = try group.createGroup(module)
      for entry in entries {
        try member.write(
          dictionary.values(of: entry, in: network), shape: entry.shape,
          as: String(entry.name.dropFirst(module.count + 1)))
      }
    }
    return try file.image()
  }
}
