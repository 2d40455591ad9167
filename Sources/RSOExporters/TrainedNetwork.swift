internal import FoundationEssentials
import RSODatasets
import RSONetworks

/// A network with all the numbers that it needs to answer for samples.
package struct TrainedNetwork: Sendable, Hashable {
  package var architecture: Architecture
  /// The flat vector of all parameters, divided by the architecture's layout.
  package var parameters: [Float]
  /// Mean and variance of each batch norm.
  package var statistics: NormalizationStatistics
  /// The normalisation of samples before the network.
  package var normalization: Normalization
  /// The numbers of the samples that `normalization` is for.
  package var elements: SampleStorage.Kind
  /// Texts about the network's origin, by name. They are exported with it.
  package var origin: [String: String]
  /// The form of each layer's weights, indexed like the layers of the layout, where they are multiples of a
  /// scale; empty if all weights are real numbers.
  package var integerWeights: [IntegerWeights?]

  package init(
    architecture: Architecture, parameters: [Float], statistics: NormalizationStatistics,
    normalization: Normalization, elements: SampleStorage.Kind = .bytes,
    origin: [String: String] = [:], integerWeights: [IntegerWeights?] = []
  ) {
    self.architecture = architecture
    self.parameters = parameters
    self.statistics = statistics
    self.normalization = normalization
    self.elements = elements
    self.origin = origin
    self.integerWeights = integerWeights
  }
}

/// Names of the texts in the metadata of exported files.
enum MetadataKey {
  static let architecture = "architecture"
  static let mean = "normalization_mean"
  static let standardDeviation = "normalization_std"
  /// `floats` if mean and deviation have the units of the samples; missing for bytes / 255.
  static let elements = "elements"
  /// The framework that safetensors' tools expect: `pt`.
  static let format = "format"
}

extension TrainedNetwork {
  /// Returns origin, architecture and normalisation as texts; the latter two as JSON with sorted keys.
  func metadata() throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var texts = origin
    texts[MetadataKey.architecture] = try text(architecture)
    texts[MetadataKey.mean] = try text(normalization.mean)
    texts[MetadataKey.standardDeviation] = try text(normalization.divisors)
    if elements == .floats { texts[MetadataKey.elements] = elements.rawValue }
    return texts
  }
}

extension Normalization {
  /// The divisors of the samples: the deviations, 1 for a constant channel.
  var divisors: [Double] { standardDeviation.map { $0 == 0 ? 1 : $0 } }
}
