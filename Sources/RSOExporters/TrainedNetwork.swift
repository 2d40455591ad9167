import Foundation
import RSODatasets
import RSONetworks

/// A network with all the numbers that it needs to answer.
package struct TrainedNetwork: Sendable, Hashable {
  package var architecture: Architecture
  /// The flat vector that the architecture's layout divides.
  package var parameters: [Float]
  /// What each batch norm takes away and divides by.
  package var statistics: NormalizationStatistics
  /// What images go through before the network.
  package var normalization: Normalization
  /// Where it comes from: texts that are passed on with it.
  package var origin: [String: String]

  package init(
    architecture: Architecture, parameters: [Float], statistics: NormalizationStatistics,
    normalization: Normalization, origin: [String: String] = [:]
  ) {
    self.architecture = architecture
    self.parameters = parameters
    self.statistics = statistics
    self.normalization = normalization
    self.origin = origin
  }
}

/// Names of the texts that go with a network's tensors.
enum MetadataKey {
  static let architecture = "architecture"
  static let mean = "normalization_mean"
  static let standardDeviation = "normalization_std"
  /// Not in files, but of the form that the tools of a format expect.
  static let format = "format"
}

extension TrainedNetwork {
  /// Origin, architecture and normalisation as texts: JSON with sorted keys, where they are not words.
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
    return texts
  }
}

extension Normalization {
  /// What pixels are divided by: a channel that does not vary is centred only.
  var divisors: [Double] { standardDeviation.map { $0 == 0 ? 1 : $0 } }
}
