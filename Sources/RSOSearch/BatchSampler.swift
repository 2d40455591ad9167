import RSONetworks
import RSONumerics

/// Chooses the minibatches of a search: a function of seed and place alone.
///
/// The cyclic shuffle is not in the paper; the authors' program's published results are made with it.
package struct BatchSampler: Sendable, Hashable {
  private let key: RandomKey
  private let options: SearchOptions
  /// Names of the layers.
  private let layers: [String]
  /// Training samples.
  private let population: Int

  /// - Parameters:
  ///   - population: Number of training samples.
  ///   - layers: Names of the network's layers.
  package init(options: SearchOptions, seed: UInt64, population: Int, layers: [String]) {
    key = RandomKey(seed: seed, purpose: .minibatch)
    self.options = options
    self.population = population
    self.layers = layers
  }

  /// The minibatches of one layer in one cycle; `cycle` counts the finished ones.
  ///
  /// The shuffle is the draw at position 0 of (layer, cycle); the layer's batch `ordinal`, where each
  /// is drawn by itself, the draw at position `ordinal + 1`.
  package func batches(layer: Int, cycle: Int) -> LayerBatches {
    let batchSize = options.batchSize(
      options.batchSize.size(cycle: cycle), layer: layers[layer], samples: population)
    let available = options.phaseSamples(of: population)
    switch options.batching {
    case .cyclic:
      let samples = shuffled(available, layer: layer, cycle: cycle)
      return LayerBatches(rotationOf: samples, batchSize: batchSize)
    case .random:
      let subset = options.phaseSamples.map { shuffled($0, layer: layer, cycle: cycle) }
      return LayerBatches(
        drawnFrom: subset, drawer: SampleDrawer(population: available),
        batchSize: batchSize
      ) { [key] in key.stream($0 + 1, layer, cycle) }
    }
  }

  /// The samples that the layer's minibatches are cut from, as they are, or changed anew in each layer
  /// of each cycle: the draw at a position that no batch comes to.
  package func images(of samples: Samples, layer: Int, cycle: Int) -> Samples {
    guard !options.augment.changesNothing else { return samples }
    var stream = key.stream(1 << 62, layer, cycle)
    return options.augment.applied(to: samples, &stream)
  }

  private func shuffled(_ count: Int, layer: Int, cycle: Int) -> [Int32] {
    var stream = key.stream(0, layer, cycle)
    return stream.sample(count: count, from: population)
  }
}
