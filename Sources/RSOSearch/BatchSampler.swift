import RSONetworks
import RSONumerics

/// Chooses the minibatches of a search. Each is a function of the seed and its position alone.
///
/// Cyclic batching is not in the paper; the published results of the authors' program are made with it.
package struct BatchSampler: Sendable, Hashable {
  /// The draw for changes of the images. Minibatches are draws 0, 1, 2 ..., and no layer has 2^62 of
  /// them, so no minibatch shares its random numbers. The number must never change: the bits of every
  /// run with changed images depend on it.
  private static let imageDraw = 1 << 62

  private let key: RandomKey
  private let options: SearchOptions
  /// The names of the layers.
  private let layers: [String]
  /// The number of training samples.
  private let samples: Int

  /// - Parameters:
  ///   - samples: The number of training samples.
  ///   - layers: The names of the network's layers.
  package init(options: SearchOptions, seed: UInt64, samples: Int, layers: [String]) {
    key = RandomKey(seed: seed, purpose: .minibatch)
    self.options = options
    self.samples = samples
    self.layers = layers
  }

  /// The minibatches of one layer in one cycle.
  ///
  /// The shuffle is draw 0 of (layer, cycle). With random batching, minibatch `ordinal` of the layer is
  /// draw `ordinal + 1`.
  ///
  /// - Parameter cycle: The number of finished cycles.
  package func batches(layer: Int, cycle: Int) -> LayerBatches {
    let batchSize = options.batchSize(
      options.batchSize.size(cycle: cycle), layer: layers[layer], samples: samples)
    let available = options.phaseSamples(of: samples)
    switch options.batching {
    case .cyclic:
      return LayerBatches(
        rotationOf: shuffled(available, layer: layer, cycle: cycle), batchSize: batchSize)
    case .random:
      let subset = options.phaseSamples.map { shuffled($0, layer: layer, cycle: cycle) }
      return LayerBatches(
        drawnFrom: subset, drawer: SampleDrawer(total: available),
        batchSize: batchSize
      ) { [key] in key.stream($0 + 1, layer, cycle) }
    }
  }

  /// The samples that the layer's minibatches are cut from, with their images changed if the options ask
  /// for it.
  package func images(of samples: Samples, layer: Int, cycle: Int) -> Samples {
    guard !options.augment.changesNothing else { return samples }
    var stream = key.stream(Self.imageDraw, layer, cycle)
    return options.augment.applied(to: samples, &stream)
  }

  private func shuffled(_ count: Int, layer: Int, cycle: Int) -> [Int32] {
    var stream = key.stream(0, layer, cycle)
    return stream.sample(count: count, from: samples)
  }
}
