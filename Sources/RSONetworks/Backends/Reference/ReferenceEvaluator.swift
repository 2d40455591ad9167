import RSONumerics

/// The executable definition of what a network computes: the architecture's operations one after
/// the other, in double. It keeps no activations from one call to the next.
///
/// Other evaluators are compared with it. It does not use the regrouping into stages, so the comparison
/// tests that as well.
package final class ReferenceEvaluator: Evaluator {
  package let architecture: Architecture
  package let layout: ParameterLayout
  package private(set) var parameters: [Float]
  package var objective: Objective {
    didSet { precondition(objective.suits(samples.targets.task)) }
  }
  private let samples: Samples
  /// The images that minibatches are cut from.
  private var images: Samples

  /// The searched layer, 0 at first. Layers before it are normalised with statistics of the whole
  /// training set, taken when the layer began; it and later ones with the minibatch's own.
  private var searched = 0
  private var statisticsBefore = NormalizationStatistics(mean: [], variance: [])

  /// The number of samples evaluated together for statistics and predictions, to bound the memory.
  static let block = 256

  /// *Throws:* `ArchitectureError` if the architecture is not a network, or the samples or
  /// parameters do not fit it.
  package init(
    architecture: Architecture, samples: Samples, parameters: [Float]
  ) throws(ArchitectureError) {
    layout = try StageGraph(architecture).layout
    try architecture.check(samples: samples)
    try architecture.check(parameters: parameters, layout: layout)
    self.architecture = architecture
    self.samples = samples
    images = samples
    objective = Objective(.standard(for: samples.targets.task))
    self.parameters = parameters
  }

  package func changeImages(_ change: (Samples) -> Samples) { images = change(samples) }

  package func beginLayer(_ layer: Int, slots: Int) {
    searched = layer
    statisticsBefore = statistics(ofLayersBefore: layer)
  }

  package func beginNeuron(output: Int) {}

  package func losses(
    of address: WeightAddress, values: [Float], on minibatch: Minibatch
  ) -> [Double] {
    let offset = layout.offset(of: address)
    let saved = parameters[offset]
    defer { parameters[offset] = saved }
    // The operations before the layer have the same results for all values.
    let place = network.evaluate(
      from: beginning(of: minibatch), to: network.operations(before: address.layer),
      moments: minibatchMoments)
    return values.map { value in
      parameters[offset] = value
      return loss(on: minibatch, from: place)
    }
  }

  package func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    let saved = parameters
    defer { parameters = saved }
    return candidates.map { candidate in
      parameters = candidate
      return loss(on: minibatch)
    }
  }

  package func commit(_ perturbation: Perturbation) {
    parameters[layout.offset(of: perturbation.address)] = perturbation.value
  }

  package func replaceParameters(with parameters: [Float]) {
    self.parameters = parameters
  }

  /// The objective of a minibatch.
  package func loss(on minibatch: Minibatch) -> Double {
    loss(on: minibatch, from: beginning(of: minibatch))
  }

  private func loss(on minibatch: Minibatch, from place: ReferenceNetwork.Place?) -> Double {
    let logits = logits(from: place)
    let value = value(of: objective.loss, logits, minibatch, isTieBreak: false)
    guard let tieBreak = objective.tieBreak else { return value }
    return value + Objective.tieFactor
      * self.value(of: tieBreak, logits, minibatch, isTieBreak: true)
  }

  private func value(
    of loss: Loss, _ logits: [Double], _ minibatch: Minibatch, isTieBreak: Bool
  ) -> Double {
    let classes = architecture.classes
    if loss.isOfWholeMinibatch {
      return logits.map(Float.init).withUnsafeBufferPointer { rows in
        objective.wholeLosses(
          of: [rows], outputs: classes,
          on: ObjectiveSamples(
            .minibatch(slot: minibatch.slot ?? 0), indices: minibatch.samples,
            targets: samples.targets))[0]
      }
    }
    var sum = 0.0
    for (n, sample) in minibatch.samples.enumerated() {
      let row = Array(logits[(n * classes)..<((n + 1) * classes)])
      sum +=
        isTieBreak
        ? loss(row, samples.targets, sample: Int(sample))
        : objective.weight(samples.targets, sample: Int(sample))
          * loss(row, samples.targets, sample: Int(sample), parameters: objective.parameters)
    }
    return sum / Double(minibatch.samples.count)
  }

  /// N x classes.
  package func logits(on minibatch: Minibatch) -> [Double] {
    logits(from: beginning(of: minibatch))
  }

  private func logits(from place: ReferenceNetwork.Place?) -> [Double] {
    place.flatMap { network.evaluate(from: $0, moments: minibatchMoments) }?.value.values ?? []
  }

  private func beginning(of minibatch: Minibatch) -> ReferenceNetwork.Place {
    network.beginning(ReferenceActivation(images, minibatch.samples.map(Int.init)))
  }

  private func minibatchMoments(
    layer: Int, value: ReferenceActivation
  ) -> ReferenceNetwork.Moments? {
    layer < searched ? statisticsBefore.moments(of: layer) : value.moments
  }

  package func trainingSetStatistics() -> NormalizationStatistics {
    statistics(ofLayersBefore: layout.layers.count)
  }

  private func statistics(ofLayersBefore end: Int) -> NormalizationStatistics {
    let empty = [[Float]](repeating: [], count: layout.layers.count)
    var statistics = NormalizationStatistics(mean: empty, variance: empty)
    let wanted = layout.layers.indices.filter { $0 < end && layout.layers[$0].hasStatistics }
    /// A batch norm whose statistics are not known cannot reach a layer before it.
    func moments(_ layer: Int, _ value: ReferenceActivation) -> ReferenceNetwork.Moments {
      statistics.mean[layer].isEmpty ? value.moments : statistics.moments(of: layer)
    }
    func settle(_ layer: Int, _ sums: [Double], _ squares: [Double], _ count: Double) {
      let mean = sums.map { $0 / count }
      statistics.mean[layer] = mean.map(Float.init)
      statistics.variance[layer] = zip(squares, mean).map { Float(max($0 / count - $1 * $1, 0)) }
    }
    if samples.count <= Self.block {
      var rest = Set(wanted)
      _ = network.evaluate(ReferenceActivation(samples, 0..<samples.count)) { layer, value in
        if rest.isEmpty { return nil }
        if rest.remove(layer) != nil {
          settle(
            layer, value.channelSums { x, _ in x }, value.channelSums { x, _ in x * x },
            Double(value.count * value.shape.area))
        }
        return moments(layer, value)
      }
      return statistics
    }
    // Each layer's input depends on the statistics of the layers before it, so they come one by one.
    for layer in wanted {
      var sums = [Double](repeating: 0, count: layout.layers[layer].outputs)
      var squares = sums
      var count = 0.0
      for block in Self.blocks(of: samples.count) {
        _ = network.evaluate(ReferenceActivation(samples, block)) { reached, value in
          guard reached == layer else { return moments(reached, value) }
          sums = zip(sums, value.channelSums { x, _ in x }).map(+)
          squares = zip(squares, value.channelSums { x, _ in x * x }).map(+)
          count += Double(value.count * value.shape.area)
          return nil
        }
      }
      settle(layer, sums, squares, count)
    }
    return statistics
  }

  package func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    var logits: [Float] = []
    for block in Self.blocks(of: samples.count) {
      let output = network.evaluate(ReferenceActivation(samples, block)) { layer, _ in
        statistics.moments(of: layer)
      }
      logits += (output?.values ?? []).map(Float.init)
    }
    return Predictions(logits: logits, classes: architecture.classes)
  }

  private var network: ReferenceNetwork {
    ReferenceNetwork(architecture: architecture, layout: layout, parameters: parameters)
  }

  private static func blocks(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: block).map { $0..<min($0 + block, count) }
  }
}

extension NormalizationStatistics {
  fileprivate func moments(of layer: Int) -> ReferenceNetwork.Moments {
    (mean[layer].map(Double.init), variance[layer].map(Double.init))
  }
}
