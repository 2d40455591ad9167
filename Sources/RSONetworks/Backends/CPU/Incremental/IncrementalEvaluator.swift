import RSONumerics

/// The evaluator that a search runs on: what one changed weight does to a minibatch's loss, with
/// only what it can change computed again.
///
/// One weight of convolution d changes one output channel o of it. So the batch norm of that channel
/// alone is taken again, from five sums over its plane; the next convolution receives one changed
/// input channel, on top of a residual that holds all the others' (made of a sum which neighbouring
/// outputs share); and only from the one after on is a full convolution computed. Average pools are
/// folded into the convolution before them. Layers before d are evaluated once for each minibatch of
/// the rotation, with statistics of the whole training set.
///
/// *Reproducibility:* bitwise: for any number of threads, any instruction set, and from any neuron
/// boundary. Agrees with `ReferenceEvaluator` to single-precision rounding.
///
/// *Paper:* RSO § 3, § 4.7; the residual and what follows from it are ours.
package final class IncrementalEvaluator: Evaluator {
  package let architecture: Architecture
  let execution: NetworkExecution
  let samples: Samples
  /// What minibatches are cut from.
  private(set) var images: Samples
  /// A stage's batch norm from the whole training set, for stages below `settled`.
  let fixed: [ChannelAffine]
  package var loss = Loss.crossEntropy
  /// Where the passes' times are noted; nil: nowhere.
  package var passTimes: PassTimes?
  private var statistics: NormalizationStatistics
  private var settled = 0
  private let cacheLimit: Int

  var layer = 0
  private var slots = 0
  private var plan: StepPlan?
  var cache: LayerCache?
  /// What the cache holds where minibatches are drawn for one step, or a few, alone.
  private var drawn: [Int32] = []
  /// Batch norms on the minibatch at hand: without the searched channel, and of each candidate.
  let baseAffines: [ChannelAffine]
  let candidateAffines: [[ChannelAffine]]
  /// The output that is searched, a number for its visit, and the weights changed in it.
  var output = 0
  var neuron = 0
  /// The output's neighbours, and a number for the visit to them: nothing outside them changes in it.
  var group = 0..<0
  var groupVisit = 0
  var changes: [Change] = []
  /// Counts the changes of each output's weights in the layer.
  var versions: [Int] = []

  /// A change of the searched channel since the neuron began.
  struct Change {
    /// Index among the output's weights; nil for the bias.
    var index: Int?
    var amount: Float
  }

  /// - Parameter cacheLimit: As many floats are kept of minibatches at most, beyond what a step cannot
  ///   do without; it decides speed and memory alone.
  ///
  /// *Throws:* `ArchitectureError` if the architecture is not a network, or the samples or parameters
  /// do not fit it.
  package init(
    architecture: Architecture, samples: Samples, parameters: [Float], threads: Int,
    kernels: Kernels = .best, path: NumericPath = .f32, cacheLimit: Int = LayerCacheSizes.limit
  ) throws {
    try architecture.check(samples: samples)
    try architecture.check(
      parameters: parameters, layout: try StageGraph(architecture).layout)
    self.architecture = architecture
    self.samples = samples
    images = samples
    self.cacheLimit = cacheLimit
    let execution = try NetworkExecution(
      architecture: architecture, parameters: parameters, kernels: kernels, path: path,
      threads: threads)
    self.execution = execution
    fixed = execution.makeAffines()
    baseAffines = execution.makeAffines()
    candidateAffines = (0..<3).map { _ in execution.makeAffines() }
    let none = [[Float]](repeating: [], count: execution.graph.layout.layers.count)
    statistics = NormalizationStatistics(mean: none, variance: none)
  }

  package var layout: ParameterLayout { execution.graph.layout }
  package var threadShortage: ThreadShortage? { execution.pool.threadShortage }

  package func neuronsSharingWork(inLayer layer: Int) -> Int {
    StepPlan.groupSize(outputs: layout.layers[layer].outputs)
  }

  var searchedLayer: String { layout.layers[layer].name }
  package var parameters: [Float] { execution.parameters }

  package func changeImages(_ change: (Samples) -> Samples) {
    cache = nil
    // Not both at once.
    images = samples
    images = change(samples)
  }

  package func beginLayer(_ layer: Int, slots: Int) {
    let stage = execution.stage(ofLayer: layer)
    self.layer = layer
    self.slots = slots
    cache = nil
    drawn = []
    measure(Pass.statistics) { settleStatistics(upTo: stage) }
    plan = StepPlan(stage: stage, graph: execution.graph, geometries: execution.geometries)
    versions = Array(repeating: 0, count: execution.geometries[stage].outputs)
    group = 0..<0
    beginNeuron(output: 0)
  }

  package func beginNeuron(output: Int) {
    self.output = output
    neuron += 1
    changes = []
    guard !group.contains(output), let plan else { return }
    group = plan.group(of: output, outputs: versions.count)
    groupVisit += 1
  }

  package func losses(
    of address: WeightAddress, values: [Float], on minibatch: Minibatch
  ) -> [Double] {
    guard let plan else { preconditionFailure("losses before beginLayer") }
    precondition(address.layer == layer && address.output == output)
    precondition((1...candidateAffines.count).contains(values.count))
    let cache: LayerCache
    if let existing = self.cache, existing.batchSize == minibatch.samples.count {
      cache = existing
    } else {
      self.cache = nil
      drawn = []
      cache = LayerCache(
        plan: plan, slots: max(1, slots), batchSize: minibatch.samples.count, execution: execution,
        limit: cacheLimit)
      self.cache = cache
    }
    let slot = minibatch.slot ?? 0
    if minibatch.slot == nil, minibatch.samples != drawn {
      cache.forget(slot)
      drawn = minibatch.samples
    }
    if !cache.isLoaded(slot) { measure(Pass.load) { load(minibatch, into: slot, cache) } }
    if cache.neuron[slot] != neuron { measure(Pass.fill) { fill(slot, cache) } }
    return step(address, values, slot, cache)
  }

  package func commit(_ perturbation: Perturbation) {
    let address = perturbation.address
    precondition(address.layer == layer && address.output == output)
    let before = execution.parameters[layout.offset(of: address)]
    switch address.kind {
    case .weight:
      changes.append(Change(index: address.index, amount: amount(perturbation.value, before)))
    case .bias:
      changes.append(Change(index: nil, amount: Float(Double(perturbation.value) - Double(before))))
    case .gamma, .beta: break
    }
    if address.kind == .weight || address.kind == .bias { versions[output] += 1 }
    execution.set(address, to: perturbation.value)
    settled = min(settled, execution.stage(ofLayer: layer))
  }

  package func replaceParameters(with parameters: [Float]) {
    precondition(parameters.count == layout.parameterCount)
    execution.replaceParameters(with: parameters)
    settled = min(settled, execution.stage(ofLayer: layer))
    for output in versions.indices { versions[output] += 1 }
    group = 0..<0
    beginNeuron(output: 0)
  }

  /// What a weight's change from `before` to `value` multiplies the map by.
  func amount(_ value: Float, _ before: Float) -> Float {
    let factor = execution.geometries[execution.stage(ofLayer: layer)].weightFactor
    return Float(Double(value) - Double(before)) * factor
  }

  /// Gives up what is kept of minibatches, so that both are never held at once.
  package func trainingSetStatistics() -> NormalizationStatistics {
    cache = nil
    measureApart(Pass.statistics) { settleStatistics(upTo: execution.graph.stages.count) }
    return statistics
  }

  private func settleStatistics(upTo stage: Int) {
    guard settled < stage else { return }
    var forward = FixedForward(execution: execution, samples: samples, affines: fixed)
    forward.takeStatistics(of: settled..<stage) { stage, mean, variance in
      guard let layer = execution.graph.stages[stage].layer else { return }
      statistics.mean[layer] = mean
      statistics.variance[layer] = variance
    }
    settled = stage
  }

  package func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    measureApart(Pass.predictions) {
      execution.predictions(for: samples, statistics: statistics)
    }
  }
}
