import RSONetworks

/// The order in which a search visits a network's parameters.
///
/// Layers are visited from the labels to the input, or in reverse. Order `output` visits in a layer
/// each output's weights and bias, then all betas, then all gammas. Order `input` visits all
/// weights input by input (for each input, output by output), then all biases, betas and gammas.
///
/// *Paper:* § 3, Algorithm 1, and § 4.3. The order of beta and gamma is that of the authors' program.
package struct SearchOrder: Sendable, Hashable {
  package let layout: ParameterLayout
  /// Indices into `layout.layers`, in the order in which they are visited.
  package let layers: [Int]
  /// The index in `layers` of each of the layout's layers.
  private let places: [Int]
  private let weights: WeightOrder
  private let hold: Int

  package init(_ layout: ParameterLayout, options: SearchOptions) {
    self.layout = layout
    layers = options.layers.visited(of: layout.layers.count)
    var places = [Int](repeating: 0, count: layers.count)
    for (place, layer) in layers.enumerated() { places[layer] = place }
    self.places = places
    weights = options.order
    hold = max(1, options.hold)
  }

  /// The order of a plan's search.
  ///
  /// *Throws:* `ArchitectureError`.
  package init(_ plan: SearchPlan) throws {
    self.init(try plan.architecture.layout(), options: plan.options)
  }

  // MARK: Walking

  /// The beginning of a cycle.
  ///
  /// - Parameter cycle: The number of finished cycles.
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

  /// True if `cursor` names a neuron of this network.
  package func contains(_ cursor: SearchCursor) -> Bool {
    cursor.cycle >= 0 && layout.layers.indices.contains(cursor.layer)
      && cursor.neuron >= 0 && cursor.neuron < unitCount(layer: cursor.layer)
  }

  /// True if a search reaches `first` before `second`.
  package func precedes(_ first: SearchCursor, _ second: SearchCursor) -> Bool {
    (first.cycle, places[first.layer], first.neuron)
      < (second.cycle, places[second.layer], second.neuron)
  }

  /// The number of parameters that the cycle has visited before `cursor`.
  package func stepsInCycle(before cursor: SearchCursor) -> Int {
    let finished = layers[..<places[cursor.layer]].reduce(0) {
      $0 + layout.layers[$1].parameterCount
    }
    return finished + unit(at: cursor).firstOrdinal
  }

  /// True if the cursor stands before the first neuron of its layer.
  package func beginsLayer(_ cursor: SearchCursor) -> Bool { cursor.neuron == 0 }

  // MARK: One layer

  /// The number of neuron units of a layer.
  package func unitCount(layer: Int) -> Int {
    groups(of: layer).reduce(0) { $0 + $1.units }
  }

  /// The parameters that are searched at `cursor`.
  package func unit(at cursor: SearchCursor) -> NeuronUnit {
    let outputs = layout.layers[cursor.layer].outputs
    var place = cursor.neuron
    var (ordinal, batch) = (0, 0)
    for group in groups(of: cursor.layer) {
      let batches = (group.perUnit - 1) / hold + 1
      guard place >= group.units else {
        let (input, output) = place.quotientAndRemainder(dividingBy: outputs)
        let first = input * group.perUnit
        let addresses = group.tensors.flatMap { tensor in
          (0..<group.perUnit(of: tensor, outputs: outputs)).map {
            WeightAddress(
              layer: cursor.layer, kind: tensor.kind, output: output, index: first + $0)
          }
        }
        return NeuronUnit(
          output: output, addresses: addresses, firstOrdinal: ordinal + place * group.perUnit,
          firstBatch: batch + place * batches)
      }
      place -= group.units
      ordinal += group.units * group.perUnit
      batch += group.units * batches
    }
    preconditionFailure("no neuron \(cursor.neuron) in layer \(cursor.layer)")
  }

  /// Tensors whose parameters are visited together, unit by unit.
  private struct Group {
    var tensors: [ParameterTensor]
    /// The number of inputs by which the parameters are divided; 1 if they are not.
    var inputs: Int
    var units: Int
    /// Parameters of one unit.
    var perUnit: Int

    init(_ tensors: [ParameterTensor], inputs: Int, outputs: Int) {
      self.tensors = tensors
      self.inputs = inputs
      units = inputs * outputs
      perUnit = tensors.reduce(0) { $0 + $1.count } / units
    }

    func perUnit(of tensor: ParameterTensor, outputs: Int) -> Int {
      tensor.count / (inputs * outputs)
    }
  }

  private func groups(of index: Int) -> [Group] {
    let layer = layout.layers[index]
    let kinds: [[ParameterKind]] =
      weights == .output
      ? [[.weight, .bias], [.beta], [.gamma]] : [[.weight], [.bias], [.beta], [.gamma]]
    return kinds.compactMap { kinds in
      let tensors = kinds.compactMap(layer.tensor)
      guard let first = tensors.first else { return nil }
      let isDivided = weights == .input && first.kind == .weight
      return Group(tensors, inputs: isDivided ? first.shape[1] : 1, outputs: layer.outputs)
    }
  }
}
