/// How much memory a run holds at its peak: found by going through a cycle with numbers in the place
/// of buffers.
///
/// *Units:* bytes. What the program itself needs is `program`, a measured constant.
package struct MemoryEstimate: Sendable, Hashable {
  /// Code, libraries, and what is small.
  package let program = 48 << 20
  /// The data set, as bytes.
  package let samples: Int
  /// Parameters, and each thread's working memory.
  package let network: Int
  /// The most that activations take, and when that is: in a layer, or in the passes that take
  /// statistics (nil).
  package let activations: Int
  package let layer: String?

  /// A layer's minibatches.
  package struct Rotation: Sendable, Hashable {
    /// Samples in each.
    package var batchSize: Int
    /// How many there are; 0 where each is drawn for one step.
    package var slots: Int

    package init(batchSize: Int, slots: Int) {
      self.batchSize = batchSize
      self.slots = slots
    }
  }

  package var peak: Int { program + samples + network + activations }

  /// - Parameters:
  ///   - samples: Samples of the training set; `others`: of the test set.
  ///   - changesImages: Whether there are changed images besides the training set's own.
  ///   - rotation: Minibatches of a layer, given its name.
  ///
  /// *Throws:* `ArchitectureError`.
  package init(
    architecture: Architecture, samples: Int, others: Int, changesImages: Bool = false,
    threads: Int, path: NumericPath = .f32,
    rotation: (_ layer: String) -> Rotation
  ) throws {
    let parameters = try StageGraph(architecture).layout.parameterCount
    let kernels = Kernels.best(for: path) ?? .best
    let execution = try NetworkExecution(
      architecture: architecture, parameters: Array(repeating: 0, count: parameters),
      kernels: kernels, path: kernels.numericPaths.contains(path) ? path : .f32, threads: 0)
    let float = MemoryLayout<Float>.stride
    let changed = changesImages ? samples * architecture.input.count : 0
    self.samples = (samples + others) * (architecture.input.count + 1) + changed
    let scratch = execution.scratchSizes.count
    // Parameters as they are, as they multiply, transformed, and in the state of the search.
    network = (threads * scratch + 8 * parameters) * float
    var ledger = PoolLedger()
    let stages = execution.graph.stages
    ledger.takeStatistics(samples, upTo: stages.count, execution)
    let layers = execution.graph.layout.layers
    for layer in layers.indices.reversed() {
      let plan = StepPlan(
        stage: execution.stage(ofLayer: layer), graph: execution.graph,
        geometries: execution.geometries)
      let rotation = rotation(layers[layer].name)
      let sizes = LayerCacheSizes(
        plan: plan, slots: max(1, rotation.slots), batchSize: rotation.batchSize,
        execution: execution)
      ledger.use(sizes.buffers, in: layers[layer].name, besides: sizes.labels)
    }
    ledger.takeStatistics(samples, upTo: stages.count, execution)
    activations = ledger.peak * float
    layer = ledger.layer
  }
}

/// `StoragePool` in numbers.
private struct PoolLedger {
  private var layout = StorageLayout()
  private(set) var peak = 0
  private(set) var layer: String?

  /// A layer's cache, from its beginning to its end.
  mutating func use(_ buffers: [Int], in layer: String, besides others: Int) {
    layout.prepare(for: buffers)
    let taken = buffers.map { take($0, in: layer, besides: others) }
    for place in taken { layout.put(place) }
  }

  /// The passes of `FixedForward.takeStatistics`.
  mutating func takeStatistics(_ samples: Int, upTo end: Int, _ execution: NetworkExecution) {
    let geometries = execution.geometries
    guard let last = geometries[..<end].lastIndex(where: \.stage.normalized) else { return }
    let order = StatisticsOrder(geometries: geometries, last: last)
    var kept: [Int: StorageLayout.Place] = [:]
    for stage in 0...last where geometries[stage].stage.normalized {
      if order.isKept(stage) {
        let count = LayerCacheSizes.product(
          execution.blocks(of: samples) * execution.lanes, geometries[stage].count)
        kept[stage] =
          order.overwritten(stage, from: 0).flatMap { kept.removeValue(forKey: $0) }
          ?? take(count, in: nil, besides: 0)
      }
      for earlier in 0..<stage where !order.isRead(earlier, after: stage) {
        if let place = kept.removeValue(forKey: earlier) { layout.put(place) }
      }
    }
  }

  private mutating func take(
    _ count: Int, in layer: String?, besides others: Int
  ) -> StorageLayout.Place {
    let place = layout.take(count)
    if layout.count + others > peak { (peak, self.layer) = (layout.count + others, layer) }
    return place
  }
}
