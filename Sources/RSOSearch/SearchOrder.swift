import RSONetworks

/// The order in which a search visits a network's parameters; the one place that knows it.
///
/// Layers from the labels to the input. In a layer, output by output, the weights and then the bias;
/// then beta, output by output; then gamma. *Paper:* § 3, Algorithm 1; the order of the batch norm's
/// parameters is that of the authors' program.
package struct SearchOrder: Sendable, Hashable {
  package let layout: ParameterLayout
  /// Indices into `layout.layers`, in the order in which they are visited.
  package let layers: [Int]
  /// Place of each of the layout's layers in `layers`.
  private let places: [Int]

  package init(_ layout: ParameterLayout) {
    self.layout = layout
    layers = Array(layout.layers.indices.reversed())
    var places = [Int](repeating: 0, count: layers.count)
    for (place, layer) in layers.enumerated() { places[layer] = place }
    self.places = places
  }

  // MARK: Walking

  /// Where a cycle begins; `cycle` counts the finished ones.
  package func first(cycle: Int) -> SearchCursor {
    SearchCursor(cycle: cycle, layer: layers[0], neuron: 0)
  }

  /// The neuron after `cursor`: in the same layer, in the next one, or in the next cycle.
  package func next(after cursor: SearchCursor) -> SearchCursor {
    if cursor.neuron + 1 < unitCount(layer: cursor.layer) {
      return SearchCursor(cycle: cursor.cycle, layer: cursor.layer, neuron: cursor.neuron + 1)
    }
    let place = places[cursor.layer] + 1
    guard place < layers.count else { return first(cycle: cursor.cycle + 1) }
    return SearchCursor(cycle: cursor.cycle, layer: layers[place], neuron: 0)
  }

  /// Whether `cursor` names a neuron of this network.
  package func contains(_ cursor: SearchCursor) -> Bool {
    cursor.cycle >= 0 && layout.layers.indices.contains(cursor.layer)
      && cursor.neuron >= 0 && cursor.neuron < unitCount(layer: cursor.layer)
  }

  /// Whether a search comes to `first` before it comes to `second`.
  package func precedes(_ first: SearchCursor, _ second: SearchCursor) -> Bool {
    (first.cycle, places[first.layer], first.neuron)
      < (second.cycle, places[second.layer], second.neuron)
  }

  /// Parameters that a cycle has visited when it comes to `cursor`.
  package func stepsInCycle(before cursor: SearchCursor) -> Int {
    let finished = layers[..<places[cursor.layer]].reduce(0) {
      $0 + layout.layers[$1].parameterCount
    }
    return finished + unit(at: cursor).firstOrdinal
  }

  // MARK: One layer

  /// Neuron units of a layer.
  package func unitCount(layer: Int) -> Int {
    let layer = layout.layers[layer]
    return layer.outputs * Self.groups(of: layer).count
  }

  /// What is searched at `cursor`.
  package func unit(at cursor: SearchCursor) -> NeuronUnit {
    let layer = layout.layers[cursor.layer]
    let groups = Self.groups(of: layer)
    let (place, output) = cursor.neuron.quotientAndRemainder(dividingBy: layer.outputs)
    let before = groups[..<place].reduce(0) { $0 + $1.perOutput } * layer.outputs
    let group = groups[place]
    let addresses = group.tensors.flatMap { tensor in
      (0..<tensor.count / layer.outputs).map {
        WeightAddress(layer: cursor.layer, kind: tensor.kind, output: output, index: $0)
      }
    }
    return NeuronUnit(
      output: output, addresses: addresses, firstOrdinal: before + output * group.perOutput)
  }

  /// Tensors whose parameters are visited together, output by output.
  private struct Group {
    var tensors: [ParameterTensor]
    /// Parameters of one output.
    var perOutput: Int
  }

  private static func groups(of layer: ParameterLayer) -> [Group] {
    let kinds: [[ParameterKind]] = [[.weight, .bias], [.beta], [.gamma]]
    return kinds.compactMap { kinds in
      let tensors = kinds.compactMap(layer.tensor)
      guard !tensors.isEmpty else { return nil }
      return Group(
        tensors: tensors, perOutput: tensors.reduce(0) { $0 + $1.count } / layer.outputs)
    }
  }
}
