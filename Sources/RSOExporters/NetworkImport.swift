internal import FoundationEssentials
import RSODatasets
import RSONetworks
import RSOSystem
import RSOTensorFiles

/// The numbers of a network, read from a file of tensors.
package struct ImportedWeights: Sendable, Hashable {
  package var parameters: [Float]
  /// It is nil if the network has batch norms and the file has no statistics.
  package var statistics: NormalizationStatistics?
  package var normalization: Normalization?
}

/// Reads a network from a file of tensors that are named as in a PyTorch `state_dict`.
package enum NetworkImport {
  /// Returns the architecture in the file's metadata; nil if there is none.
  ///
  /// *Throws:* `ArchitectureError`.
  package static func architecture(in file: TensorList) throws -> Architecture? {
    try file.metadata[MetadataKey.architecture].map { try Architecture(json: Data($0.utf8)) }
  }

  /// Returns the numbers of a network of this architecture.
  ///
  /// All floating-point types are converted to single precision, and the forms of `IntegerWeights` to weights. The batch-norm statistics may be
  /// missing, but only all together. The integers `num_batches_tracked` are ignored.
  ///
  /// *Throws:* `ImportError` with every mismatch; `ArchitectureError`.
  package static func weights(
    in file: TensorList, architecture: Architecture
  ) throws -> ImportedWeights {
    let file = IntegerWeights.expanded(file)
    let layout = try architecture.layout()
    let dictionary = StateDictionary(layout)
    var mismatches: [String] = []
    var parameters = [Float](repeating: 0, count: layout.parameterCount)
    let none = [[Float]](repeating: [], count: layout.layers.count)
    var statistics = NormalizationStatistics(mean: none, variance: none)
    var rest = Dictionary(
      file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let hasStatistics = dictionary.entries.contains { $0.isStatistics && rest[$0.name] != nil }

    for entry in dictionary.entries where !entry.isStatistics || hasStatistics {
      if let defect = IntegerWeights.defect(of: entry.name, in: file) {
        mismatches.append(defect)
        for name in IntegerWeights.names(of: entry.name) { rest[name] = nil }
        continue
      }
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
    rest = rest.filter { !CompanionNames.contains($0.key) }
    for tensor in rest.values.sorted(by: { $0.name < $1.name })
    where tensor.elementType.isFloatingPoint {
      mismatches.append("\(quoted(tensor.name)): not of this network, \(shape(tensor.shape))")
    }
    let normalization = normalization(
      in: file, channels: architecture.input.channels, &mismatches)
    guard mismatches.isEmpty else {
      throw ImportError(network: architecture.name, mismatches: mismatches)
    }
    let hasNorms = layout.layers.contains(where: \.hasStatistics)
    return ImportedWeights(
      parameters: parameters, statistics: hasStatistics || !hasNorms ? statistics : nil,
      normalization: normalization)
  }

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

  /// Adds the normalisation of the samples to a file of weights.
  package static func add(_ normalization: Normalization, to file: inout TensorList) {
    for (name, values) in [
      (MetadataKey.mean, normalization.mean),
      (MetadataKey.standardDeviation, normalization.divisors),
    ] {
      file.metadata[name] = nil
      file.tensors.append(NamedTensor(name: name, shape: [values.count], doubles: values))
    }
  }

  /// Returns the normalisation in a file of weights; nil if the file has none. Adds what is wrong with
  /// it to `mismatches`.
  private static func normalization(
    in file: TensorList, channels: Int, _ mismatches: inout [String]
  ) -> Normalization? {
    let names = [MetadataKey.mean, MetadataKey.standardDeviation]
    guard names.contains(where: { file.metadata[$0] != nil || file[$0] != nil }) else { return nil }
    var parts: [[Double]] = []
    for name in names {
      switch numbers(name, in: file, count: channels) {
      case .success(let values) where name == MetadataKey.mean || values.allSatisfy { $0 > 0 }:
        parts.append(values)
      case .success: mismatches.append("\(name): a deviation that is not above 0")
      case .failure(let mismatch): mismatches.append("\(name): \(mismatch.text)")
      }
    }
    return parts.count == 2 ? Normalization(mean: parts[0], standardDeviation: parts[1]) : nil
  }

  private struct Mismatch: Error { var text: String }

  /// The `count` numbers that a file has under a name, as a text or as a tensor.
  private static func numbers(
    _ name: String, in file: TensorList, count: Int
  ) -> Result<[Double], Mismatch> {
    let values: [Double]
    if let text = file.metadata[name] {
      guard let list = try? JSONDecoder().decode([Double].self, from: Data(text.utf8)) else {
        return .failure(Mismatch(text: "\(quoted(text)), expected a list of numbers"))
      }
      values = list
    } else if let tensor = file[name] {
      guard tensor.elementType.isFloatingPoint else {
        return .failure(
          Mismatch(
            text: "of type \(tensor.elementType.rawValue), expected a floating-point one"))
      }
      values = tensor.doubles() ?? tensor.floats().map(Double.init)
    } else {
      return .failure(Mismatch(text: "missing, expected \(count)"))
    }
    guard values.count == count else {
      return .failure(Mismatch(text: "\(values.count), expected \(count)"))
    }
    guard values.allSatisfy(\.isFinite) else {
      return .failure(Mismatch(text: "a number that is not finite"))
    }
    return .success(values)
  }
}

extension StateDictionary.Entry {
  var isStatistics: Bool {
    if case .parameters = content { false } else { true }
  }
}

/// An error: the tensors of a file do not fit the network.
package struct ImportError: Error, Sendable, Hashable, CustomStringConvertible {
  package var network: String
  /// One line for each tensor that is missing, superfluous or different.
  package var mismatches: [String]

  /// The most lines that are shown; the rest are counted.
  private static let mostLines = 100

  package var description: String {
    let lines = mismatches.prefix(Self.mostLines).map { "\n  \($0)" }.joined()
    let more = mismatches.count - Self.mostLines
    return "its tensors are not those of network '\(network)':" + lines
      + (more > 0 ? "\n  ... and \(more) more" : "")
  }
}
