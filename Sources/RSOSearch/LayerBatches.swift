import RSONetworks
import RSONumerics

/// The minibatches that one layer's candidates are compared on, in one cycle.
package struct LayerBatches: Sendable {
  private enum Source {
    /// Consecutive parts of a shuffle. Minibatch n is part n modulo their number.
    case rotation([Minibatch])
    /// One draw per minibatch, from a subset of the samples or from all.
    case draws(
      subset: [Int32]?, drawer: SampleDrawer, batchSize: Int,
      stream: @Sendable (Int) -> RandomStream)
  }

  private var source: Source

  /// Cuts shuffled samples into minibatches and drops the rest.
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

  /// The number of minibatch slots in the rotation; 0 if every minibatch is drawn by itself.
  package var slots: Int {
    switch source {
    case .rotation(let batches): batches.count
    case .draws: 0
    }
  }

  /// The layer's minibatch `ordinal`, in the order in which steps or groups of steps take them. It does
  /// not depend on earlier calls.
  package mutating func minibatch(ordinal: Int) -> Minibatch {
    switch source {
    case .rotation(let batches):
      return batches[ordinal % batches.count]
    case .draws(let subset, var drawer, let batchSize, let stream):
      // `source` must not refer to the drawer during the draw; otherwise the drawer is copied.
      source = .rotation([])
      var random = stream(ordinal)
      var samples = drawer.draw(batchSize, from: &random)
      if let subset { samples = samples.map { subset[Int($0)] } }
      source = .draws(subset: subset, drawer: drawer, batchSize: batchSize, stream: stream)
      return Minibatch(samples: samples, slot: nil)
    }
  }
}
