import FoundationEssentials
import RSONetworks
import RSONumerics

/// The structure of a network, without the values of its parameters.
public struct Architecture: Sendable, Hashable {
  let network: RSONetworks.Architecture

  init(_ network: RSONetworks.Architecture) { self.network = network }

  /// Reads the JSON of a network, as rso-architecture(5) specifies it.
  ///
  /// - Throws: An error that names the place in the JSON.
  public init(json: String) throws {
    network = try RSONetworks.Architecture(json: Data(json.utf8))
  }

  /// A network of the paper: ``presets`` lists their names.
  ///
  /// - Throws: An error for an unknown name.
  public init(preset name: String) throws {
    network = try .preset(named: name)
  }

  /// The names of the paper's networks.
  public static let presets = RSONetworks.Architecture.presetNames

  /// A small network that fits a data set, as `--arch auto` of `rso train` gives it.
  public init(fitting dataset: Dataset) {
    let training = dataset.content.training
    network = .automatic(
      input: training.shape, outputs: training.outputs, samples: training.count)
  }

  /// The network as JSON, with sorted keys and all names.
  public var json: String {
    get throws { String(decoding: try network.json(), as: UTF8.self) }
  }

  /// The number of parameters.
  public var parameterCount: Int {
    get throws { try network.layout().parameterCount }
  }
}
