import RSONetworks
import RSONumerics

/// The minibatches that the parameters of one layer are compared on.
package struct LayerBatches: Sendable {
  private enum Source {
    /// Consecutive parts of a shuffle; batch n is part n mod count.
    case rotation([Minibatch])
    /// A draw for each batch, from a subset of the samples or from all of them.
    case draws(
      subset: [Int32]?, drawer: SampleDrawer, batchSize: Int,
      stream: @Sendable (Int) -> RandomStream)
  }

  private var source: Source

  /// Cuts shuffled samples into batches. What is left over stays out.
  init(rotationOf samples: [Int32], batchSize: Int) {
    let batches = (0..<samples.count / batchSize).map { slot in
      Minibatch(samples: Array(samples[(slot * batchSize)..<((slot + 1) * batchSize)]), slot: slot)
    }
    source = .rotation(batches)
  }

  init(
    drawnFrom subset: [Int32]?, drawer: SampleDrawer, batchSize: Int,
    stream: @escaping @Sendable (Int) -> RandomStream
  ) {
    source = .draws(subset: subset, drawer: drawer, batchSize: batchSize, stream: stream)
  }

  /// Places in the rotation; 0 where every batch is drawn by itself.
  package var slots: Int {
    switch source {
    case .rotation(let batches): batches.count
    case .draws: 0
    }
  }

  /// The layer's batch `ordinal`, in the order in which its steps, or groups of steps, take them. It
  /// does not depend on the batches asked for before.
  package mutating func minibatch(ordinal: Int) -> Minibatch {
    switch source {
    case .rotation(let batches):
      return batches[ordinal % batches.count]
    case .draws(let subset, var drawer, let batchSize, let stream):
      // Released while it is drawn from, so that the draw happens in place.
      source = .rotation([])
      var random = stream(ordinal)
      var samples = drawer.draw(batchSize, from: &random)
      if let subset { samples = samples.map { subset[Int($0)] } }
      source = .draws(subset: subset, drawer: drawer, batchSize: batchSize, stream: stream)
      return Minibatch(samples: samples, slot: nil)
    }
  }
}
