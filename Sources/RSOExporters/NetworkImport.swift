import Foundation
import RSODatasets
import RSONetworks
import RSOSystem
import RSOTensorFiles

/// The numbers of a network, as a file of tensors has them.
package struct ImportedWeights: Sendable, Hashable {
  package var parameters: [Float]
  /// Nil where the file has none.
  package var statistics: NormalizationStatistics?
  package var normalization: Normalization?
}

/// Takes a network out of a file of tensors that have the names of a PyTorch `state_dict`.
package enum NetworkImport {
  /// The architecture that the file names itself; nil for a file that does not.
  ///
  /// *Throws:* `ArchitectureError`.
  package static func architecture(in file: TensorFile) throws -> Architecture? {
    try file.metadata[MetadataKey.architecture].map { try Architecture(json: Data($0.utf8)) }
  }

  /// The numbers of a network of this architecture.
  ///
  /// Numbers of any floating-point kind are taken in single precision. Statistics of batch norms may be
  /// missing altogether. What is not a floating-point number (`num_batches_tracked`) is passed over.
  ///
  /// *Throws:* `ImportError`, which names everything that does not fit.
  package static func weights(
    in file: TensorFile, architecture: Architecture
  ) throws -> ImportedWeights {
    let layout = try StageGraph(architecture).layout
    let dictionary = StateDictionary(layout)
    var mismatches: [String] = []
    var parameters = [Float](repeating: 0, count: layout.parameterCount)
    let none = [[Float]](repeating: [], count: layout.layers.count)
    var statistics = NormalizationStatistics(mean: none, variance: none)
    var rest = Dictionary(
      file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let hasStatistics = dictionary.entries.contains { $0.isStatistics && rest[$0.name] != nil }

    for entry in dictionary.entries where !entry.isStatistics || hasStatistics {
      guard let tensor = rest.removeValue(forKey: entry.name) else {
        mismatches.append("\(entry.name): missing, expected \(shape(entry.shape))")
        continue
      }
      if let mismatch = mismatch(of: tensor, with: entry) {
        mismatches.append("\(entry.name): \(mismatch)")
        continue
      }
      let values = tensor.floats()
      switch entry.content {
      case .parameters(let range): parameters.replaceSubrange(range, with: values)
      case .mean(let layer): statistics.mean[layer] = values
      case .variance(let layer): statistics.variance[layer] = values
      }
    }
    for name in companions { rest[name] = nil }
    for tensor in rest.values.sorted(by: { $0.name < $1.name })
    where tensor.elementType.isFloatingPoint {
      mismatches.append("\(quoted(tensor.name)): not of this network, \(shape(tensor.shape))")
    }
    guard mismatches.isEmpty else {
      throw ImportError(network: architecture.name, mismatches: mismatches)
    }
    let hasNorms = layout.layers.contains { $0.tensor(.gamma) != nil }
    return ImportedWeights(
      parameters: parameters, statistics: hasStatistics || !hasNorms ? statistics : nil,
      normalization: normalization(in: file, channels: architecture.input.channels))
  }

  /// Tensors that rso itself writes beside those of a network.
  private static let companions = [
    MetadataKey.mean, MetadataKey.standardDeviation, "pixel_mean", "pixel_std",
  ]

  private static func mismatch(of tensor: NamedTensor, with entry: StateDictionary.Entry) -> String?
  {
    guard tensor.shape == entry.shape else {
      return "\(shape(tensor.shape)), expected \(shape(entry.shape))"
    }
    guard tensor.elementType.isFloatingPoint else {
      return "of type \(tensor.elementType.rawValue), expected a floating-point one"
    }
    let values = tensor.floats()
    guard values.allSatisfy(\.isFinite) else { return "a number that is not finite" }
    if case .variance = entry.content, values.contains(where: { $0 < 0 }) {
      return "a variance below 0"
    }
    return nil
  }

  private static func shape(_ shape: [Int]) -> String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " x ")
  }

  /// Lets the normalisation of the samples go with the weights.
  package static func add(_ normalization: Normalization, to file: inout TensorFile) {
    for (name, values) in [
      (MetadataKey.mean, normalization.mean),
      (MetadataKey.standardDeviation, normalization.divisors),
    ] {
      file.metadata[name] = nil
      file.tensors.append(NamedTensor(name: name, shape: [values.count], doubles: values))
    }
  }

  /// The normalisation that goes with the weights, where there is a usable one.
  private static func normalization(in file: TensorFile, channels: Int) -> Normalization? {
    func values(_ name: String) -> [Double]? {
      let values =
        file.metadata[name].map { try? JSONDecoder().decode([Double].self, from: Data($0.utf8)) }
        ?? file[name]?.doubles()
      guard let values, values.count == channels, values.allSatisfy(\.isFinite) else { return nil }
      return values
    }
    guard let mean = values(MetadataKey.mean),
      let deviation = values(MetadataKey.standardDeviation),
      deviation.allSatisfy({ $0 > 0 })
    else { return nil }
    return Normalization(mean: mean, standardDeviation: deviation)
  }
}

extension StateDictionary.Entry {
  var isStatistics: Bool {
    if case .parameters = content { false } else { true }
  }
}

/// A file of tensors is not one of the network's.
package struct ImportError: Error, Sendable, Hashable, CustomStringConvertible {
  package var network: String
  /// A line for each tensor that is missing, too many or different.
  package var mismatches: [String]

  /// More lines than this are counted only.
  private static let mostLines = 100

  package var description: String {
    let lines = mismatches.prefix(Self.mostLines).map { "\n  \($0)" }.joined()
    let more = mismatches.count - Self.mostLines
    return "its tensors are not those of network '\(network)':" + lines
      + (more > 0 ? "\n  ... and \(more) more" : "")
  }
}
