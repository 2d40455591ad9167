import RSONetworks
import RSOTensorFiles

/// The names and shapes that a network's tensors have in the `state_dict` of its PyTorch module.
///
/// A layer norm or group norm has a weight and a bias. A batch norm is a module of its own there: `conv1.weight` is
/// followed by `conv1_norm.weight` (gamma), `conv1_norm.bias` (beta), `conv1_norm.running_mean` and
/// `conv1_norm.running_var`.
package struct StateDictionary: Sendable, Hashable {
  /// The source of an entry's numbers.
  package enum Content: Sendable, Hashable {
    /// A range of the flat vector of parameters.
    case parameters(Range<Int>)
    /// The statistics of a layer's batch norm.
    case mean(layer: Int)
    case variance(layer: Int)
  }

  package struct Entry: Sendable, Hashable {
    package var name: String
    package var shape: [Int]
    package var content: Content
  }

  /// In the order of evaluation.
  package let entries: [Entry]
  /// Each layer's modules: the name of the one with its weights (`modules`) and of its norm
  /// (`norms`). Nil if the layer has none.
  let modules: [String?]
  let norms: [String?]

  package init(_ layout: ParameterLayout) {
    var taken: Set<String> = []
    func name(_ name: String) -> String {
      let identifier = PythonName.identifier(name, taken: taken)
      taken.insert(identifier)
      return identifier
    }
    var entries: [Entry] = []
    var modules: [String?] = []
    var norms: [String?] = []
    for (index, layer) in layout.layers.enumerated() {
      let hasWeight = layer.tensor(.weight) != nil
      let module = hasWeight ? name(layer.name) : nil
      let hasNorm = layer.tensor(.gamma) != nil
      let norm = hasNorm ? name(hasWeight ? layer.name + "_norm" : layer.name) : nil
      for tensor in layer.tensors {
        let (owner, member) =
          switch tensor.kind {
          case .weight: (module, "weight")
          case .bias: (module, "bias")
          case .gamma: (norm, "weight")
          case .beta: (norm, "bias")
          }
        guard let owner else { continue }
        entries.append(
          Entry(
            name: "\(owner).\(member)", shape: tensor.shape, content: .parameters(tensor.range)))
      }
      if let norm, layer.hasStatistics {
        let shape = [layer.outputs]
        entries.append(
          Entry(name: "\(norm).running_mean", shape: shape, content: .mean(layer: index)))
        entries.append(
          Entry(name: "\(norm).running_var", shape: shape, content: .variance(layer: index)))
      }
      modules.append(module)
      norms.append(norm)
    }
    self.entries = entries
    self.modules = modules
    self.norms = norms
  }

  /// Returns every tensor of a network with this layout; only its parameters if `statistics` is
  /// nil.
  package func tensors(
    parameters: [Float], statistics: NormalizationStatistics?
  ) -> [NamedTensor] {
    entries.compactMap { entry in
      values(of: entry, parameters, statistics).map {
        NamedTensor(name: entry.name, shape: entry.shape, values: $0)
      }
    }
  }

  /// The forms of integer weights by the names of their entries.
  ///
  /// - Parameter forms: Indexed like the layers of the layout, or empty.
  func integerWeights(_ forms: [IntegerWeights?]) -> [String: IntegerWeights] {
    var named: [String: IntegerWeights] = [:]
    for (module, form) in zip(modules, forms) {
      if let module, let form { named["\(module).weight"] = form }
    }
    return named
  }

  func values(of entry: Entry, in network: TrainedNetwork) -> [Float] {
    values(of: entry, network.parameters, network.statistics) ?? []
  }

  /// Returns nil for statistics if there are none.
  private func values(
    of entry: Entry, _ parameters: [Float], _ statistics: NormalizationStatistics?
  ) -> [Float]? {
    switch entry.content {
    case .parameters(let range): Array(parameters[range])
    case .mean(let layer): statistics?.mean[layer]
    case .variance(let layer): statistics?.variance[layer]
    }
  }
}
