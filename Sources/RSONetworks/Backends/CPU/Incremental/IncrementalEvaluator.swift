import RSODevices
import RSONumerics
import RSORanks

/// The default evaluator of a search. For each candidate it computes only what one changed weight
/// affects.
///
/// One weight of convolution d changes one output channel o of it. So only that channel's batch norm is
/// taken again, from five sums over its plane. The next convolution receives one changed input channel,
/// on top of a base sum that holds all the others'. Only from the convolution after that on is a full
/// convolution computed. Average pools are folded into the convolution before them. Layers before d are
/// evaluated once for each minibatch of the rotation, with statistics of the whole training set.
/// README.md works one convolution through with numbers.
///
/// *Reproducibility:* bitwise: for any number of threads and ranks, any instruction set, and from any neuron
/// boundary. Agrees with `ReferenceEvaluator` to single-precision rounding.
///
/// *Paper:* RSO § 3, § 4.7; base sums and what follows from them are ours.
package final class IncrementalEvaluator: Evaluator {
  package let architecture: Architecture
  let execution: NetworkExecution
  let samples: Samples
  private let packer: SamplePacker
  /// The images that minibatches are cut from.
  private(set) var images: SamplePacker
  /// Each stage's batch norm from the whole training set, valid for stages below `settled`.
  let fixed: [ChannelAffine]
  package var objective: Objective {
    didSet {
      precondition(objective.suits(samples.targets.task))
      lossTables = LossTables(objective)
    }
  }
  /// The objective's tables, made once.
  private(set) var lossTables = LossTables()
  /// Receives the times of the passes; nil to measure nothing.
  package var passTimes: PassTimes?
  private var statistics: NormalizationStatistics
  private var settled = 0
  private let cacheLimit: Int

  /// The searched layer.
  var layer = 0
  /// Minibatch slots of the layer; 0 where minibatches are drawn for one step.
  private var slots = 0
  private var plan: StepPlan?
  var cache: LayerCache?
  /// The samples that the cache holds where minibatches are drawn for one step, or for a few.
  private var drawn: [Int32] = []
  /// Batch norms on the current minibatch, without the searched channel.
  let baseAffines: [ChannelAffine]
  /// Batch norms on the current minibatch, for each candidate.
  let candidateAffines: [[ChannelAffine]]
  /// The output that is searched.
  var output = 0
  /// Counts the visits of outputs.
  var visit = 0
  /// The output's group of neighbours.
  var group = 0..<0
  /// Counts the visits of groups: nothing outside a group changes during a visit.
  var groupVisit = 0
  /// The changes of the searched channel since the visit began.
  var changes: [Change] = []
  /// Counts the changes of each output's weights in the layer.
  var versions: [Int] = []

  /// A change of the searched channel.
  struct Change {
    /// Index among the output's weights; nil for the bias.
    var index: Int?
    var amount: Float
  }

  /// - Parameter cacheLimit: The largest number of floats kept between steps. A step's own memory
  ///   may exceed it. It affects only speed and memory, not results.
  /// - Parameter ranks: The processes that share the chunks of every minibatch. All of them make the
  ///   same calls, and get the same results.
  /// - Parameter device: The device whose kernels `kernels` are; nil for the processor's.
  ///
  /// *Throws:* `ArchitectureError` if the architecture is not a network, or the samples or parameters
  /// do not fit it.
  package init(
    architecture: Architecture, samples: Samples, parameters: [Float], threads: Int,
    kernels: Kernels = .best, path: NumericPath = .f32, cacheLimit: Int = LayerCacheSizes.limit,
    ranks: any Ranks = SoleRank(), device: DeviceSession? = nil
  ) throws {
    try architecture.check(samples: samples)
    try architecture.check(
      parameters: parameters, layout: try StageGraph(architecture).layout)
    self.architecture = architecture
    self.samples = samples
    objective = Objective(.standard(for: samples.targets.task))
    self.cacheLimit = cacheLimit
    let execution = try NetworkExecution(
      architecture: architecture, parameters: parameters, kernels: kernels, path: path,
      threads: threads, ranks: ranks, device: device)
    self.execution = execution
    packer = SamplePacker(samples, execution)
    images = packer
    fixed = execution.makeAffines()
    baseAffines = execution.makeAffines()
    candidateAffines = (0..<3).map { _ in execution.makeAffines() }
    for affines in [fixed, baseAffines] + candidateAffines { execution.setSampleNorms(in: affines) }
    let none = [[Float]](repeating: [], count: execution.graph.layout.layers.count)
    statistics = NormalizationStatistics(mean: none, variance: none)
  }

  package var layout: ParameterLayout { execution.graph.layout }
  package var parameters: [Float] { execution.parameters }
  package var threadShortage: ThreadShortage? { execution.workers.threadShortage }
  package var failure: (any Error)? { execution.device?.failure }
  /// The work that a device has done; nil for the processor.
  package var deviceFigures: DeviceSession.Figures? { execution.device?.figures }
  var searchedLayer: String { layout.layers[layer].name }

  package func neuronsSharingWork(inLayer layer: Int) -> Int {
    StepPlan.groupSize(outputs: layout.layers[layer].outputs)
  }

  package func changeImages(_ change: (Samples) -> Samples) {
    cache = nil
    // The changed images and the last ones are never held at once.
    images = packer
    images = SamplePacker(change(samples), execution)
  }

  package func beginLayer(_ layer: Int, slots: Int) {
    let stage = execution.stage(ofLayer: layer)
    self.layer = layer
    self.slots = slots
    cache = nil
    drawn = []
    setSampleNorms()
    measure(Pass.statistics) { settleStatistics(upTo: stage) }
    plan = execution.adapted(
      StepPlan(stage: stage, graph: execution.graph, geometries: execution.geometries))
    versions = Array(repeating: 0, count: execution.geometries[stage].outputs)
    group = 0..<0
    beginNeuron(output: 0)
  }

  package func beginNeuron(output: Int) {
    self.output = output
    visit += 1
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
    let cache = cache(for: minibatch.samples.count, plan)
    let slot = minibatch.slot ?? 0
    if minibatch.slot == nil, minibatch.samples != drawn {
      cache.forget(slot)
      drawn = minibatch.samples
    }
    if !cache.isLoaded(slot) { measure(Pass.load) { load(minibatch, into: slot, cache) } }
    if cache.visit[slot] != visit { measure(Pass.fill) { fill(slot, cache) } }
    return step(address, values, slot, cache)
  }

  private func cache(for batchSize: Int, _ plan: StepPlan) -> LayerCache {
    if let cache, cache.batchSize == batchSize { return cache }
    // The old and the new cache are never held at once.
    cache = nil
    drawn = []
    let made = LayerCache(
      plan: plan, slots: max(1, slots), batchSize: batchSize, execution: execution,
      task: samples.targets.task, limit: cacheLimit)
    cache = made
    return made
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
    if layout.layers[layer].normGroups != nil { setSampleNorms() }
    settled = min(settled, execution.stage(ofLayer: layer))
  }

  package func replaceParameters(with parameters: [Float]) {
    precondition(parameters.count == layout.parameterCount)
    execution.replaceParameters(with: parameters)
    setSampleNorms()
    settled = min(settled, execution.stage(ofLayer: layer))
    for output in versions.indices { versions[output] += 1 }
    group = 0..<0
    beginNeuron(output: 0)
  }

  /// Brings the scales and shifts of sample norms up to date.
  func setSampleNorms() {
    for affines in [fixed, baseAffines] + candidateAffines { execution.setSampleNorms(in: affines) }
  }

  /// The factor on the tap when a weight changes from `before` to `value`.
  func amount(_ value: Float, _ before: Float) -> Float {
    let factor = execution.geometries[execution.stage(ofLayer: layer)].weightFactor
    return Float(Double(value) - Double(before)) * factor
  }

  /// Releases what is kept of minibatches first, so that both are never held at once.
  package func trainingSetStatistics() -> NormalizationStatistics {
    cache = nil
    measureApart(Pass.statistics) { settleStatistics(upTo: execution.graph.stages.count) }
    return statistics
  }

  private func settleStatistics(upTo stage: Int) {
    guard settled < stage else { return }
    var forward = FixedForward(execution: execution, packer: packer, affines: fixed)
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
