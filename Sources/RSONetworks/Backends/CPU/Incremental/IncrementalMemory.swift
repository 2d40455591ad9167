/// The memory that a run on the incremental evaluator needs at its peak.
struct IncrementalMemory {
  let estimate: MemoryEstimate

  /// Simulates the allocations of a cycle. The sizes and their order must stay those of
  /// `LayerCache` and `FixedForward.takeStatistics`.
  ///
  /// - Parameters:
  ///   - cacheLimit: The largest number of floats kept between steps.
  ///   - largestSlab: The most floats of one buffer.
  init(
    _ workload: Workload, kernels: Kernels, cacheLimit: Int = LayerCacheSizes.limit,
    largestSlab: Int = .max
  ) throws {
    let architecture = workload.architecture
    let parameters = try StageGraph(architecture).layout.parameterCount
    let execution = try NetworkExecution(
      architecture: architecture, parameters: Array(repeating: 0, count: parameters),
      kernels: kernels,
      path: kernels.numericPaths.contains(workload.path) ? workload.path : .f32, threads: 0,
      ranks: workload.ranks)
    let float = MemoryLayout<Float>.stride
    var ledger = PoolLedger(largest: largestSlab)
    let stages = execution.graph.stages
    ledger.takeStatistics(workload.trainingSamples, upTo: stages.count, execution)
    let layers = execution.graph.layout.layers
    for layer in layers.indices.reversed() {
      let plan = execution.adapted(
        StepPlan(
          stage: execution.stage(ofLayer: layer), graph: execution.graph,
          geometries: execution.geometries))
      let rotation = workload.rotation(layers[layer].name)
      let sizes = LayerCacheSizes(
        plan: plan, slots: max(1, rotation.slots), batchSize: rotation.batchSize,
        execution: execution, task: workload.task, limit: cacheLimit)
      ledger.use(sizes.buffers, in: layers[layer].name, besides: sizes.targets)
    }
    ledger.takeStatistics(workload.trainingSamples, upTo: stages.count, execution)
    // The outputs of a step's three candidates, for a loss of the whole minibatch.
    let largest = layers.map { workload.rotation($0.name).batchSize }.max() ?? 0
    let gathered =
      workload.gathersOutputs
      ? LayerCacheSizes.product(3, execution.rowsSize(samples: largest)) : 0
    // Parameters as they are, as they multiply, transformed, and in the state of the search.
    let network = (workload.threads * execution.scratchSizes.count + 8 * parameters) * float
    estimate = MemoryEstimate(
      samples: workload.sampleBytes, network: network,
      activations: (ledger.peak + gathered) * float,
      layer: ledger.layer)
  }
}

/// A `StoragePool` that counts elements and allocates nothing.
private struct PoolLedger {
  private var layout: StorageLayout
  /// The most elements held at once so far, and in which layer; nil: while statistics are taken.
  private(set) var peak = 0
  private(set) var layer: String?

  init(largest: Int) { layout = StorageLayout(largest: largest) }

  /// Takes a layer's cache and gives it back.
  mutating func use(_ buffers: [Int], in layer: String, besides others: Int) {
    layout.prepare(for: buffers)
    let taken = buffers.map { take($0, in: layer, besides: others) }
    for place in taken { layout.put(place) }
  }

  /// Goes through the passes of `FixedForward.takeStatistics`.
  mutating func takeStatistics(_ samples: Int, upTo end: Int, _ execution: NetworkExecution) {
    let geometries = execution.geometries
    guard let last = geometries[..<end].lastIndex(where: \.stage.normalized) else { return }
    let order = StatisticsOrder(geometries: geometries, last: last)
    var kept: [Int: StorageLayout.Place] = [:]
    for stage in 0...last where geometries[stage].stage.normalized || order.isKept(stage) {
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
