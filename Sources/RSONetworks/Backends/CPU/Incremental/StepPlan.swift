/// The effects of a change of one output channel of one stage on the stages after it.
///
/// Only what a change can reach is computed again. A stage is unaffected, or changes in some channels
/// (batch norm, activations and pools keep channels apart; mostly it is that one channel), or in all
/// channels. The part of an affected stage's sum that does not depend on the channel is its *base sum*, computed once per neuron
/// for every minibatch slot: z = base sum + (a part of the changed input channel, or of all input
/// channels) + (skip likewise). README.md has an example with numbers.
struct StepPlan {
  /// The searched stage.
  let stage: Int
  let reach: StepReach
  /// The searched stage and later ones whose values, without the searched channel, some base sum
  /// reads.
  let baseStages: [Int]
  /// Earlier stages that `stage` and later ones read.
  let earlierStages: [Int]
  /// True if `stage` or a later stage reads the samples themselves.
  let readsSamples: Bool
  let storage: CandidateStorage
  /// The passes of a step, one stage each, in order: first those that all candidates take together,
  /// since they share what is read; then those that each candidate takes by itself, since its values
  /// then stay in the cache from one pass to the next.
  private(set) var together: [Int]
  private(set) var apart: [Int]
  /// Outputs of the searched stage in a group of neighbours. Base sums share what the group does not
  /// contribute.
  let groupSize: Int
  private let stages: [Stage]
  private let shares: [Bool]
  /// Channels of each stage's output.
  private let outputs: [Int]
  /// True if only stages that share base sums read the searched stage: none reads a channel outside a
  /// group of neighbours whose shared sums are kept.
  let isReadByChannels: Bool

  init(stage searched: Int, graph: StageGraph, geometries: [KernelGeometry]) {
    let stages = graph.stages
    stage = searched
    self.stages = stages
    outputs = stages.map(\.outputShape.channels)
    let reach = StepReach(of: searched, stages)
    self.reach = reach
    shares = stages.indices.map { index in
      reach.map(reach.operation[index])?.isDisjoint == true
        && stages[index].operation?.groups == 1 && reach.output[index] == .full
    }
    let reads = BaseReads(stage: searched, stages, reach)
    baseStages = reads.stages
    earlierStages = reads.earlier
    readsSamples = reads.samples
    storage = CandidateStorage(stages, geometries, reach, searched: searched)
    (together, apart) = Self.passes(stages, geometries, reach, storage, searched: searched)
    groupSize = Self.groupSize(outputs: geometries[searched].outputs)
    isReadByChannels = stages.indices.allSatisfy { index in
      index <= searched
        || stages[index].skip != .stage(searched)
          && (stages[index].source != .stage(searched)
            || stages[index].operation.map { $0.groups == 1 } ?? false)
    }
  }

  private static func passes(
    _ stages: [Stage], _ geometries: [KernelGeometry], _ reach: StepReach,
    _ storage: CandidateStorage, searched: Int
  ) -> (together: [Int], apart: [Int]) {
    let passes = stages.indices.filter { index in
      if index == stages.count - 1 { return true }
      return index > searched && reach.output[index] != .unaffected
        && (stages[index].normalized || storage.isStored[index])
    }
    // All candidates read the same base sum. Where it is larger than the values that a candidate
    // leaves behind, it is better to read it once.
    let divide =
      passes.firstIndex { index in
        guard reach.operation[index] == .full, case .stage(let source) = stages[index].source
        else { return false }
        return storage.isStored[source] || geometries[source].count <= geometries[index].count
      } ?? passes.endIndex
    return (Array(passes[..<divide]), Array(passes[divide...]))
  }

  /// The plan with which all candidates take each pass together. Several ranks then exchange one message
  /// for each stage, in place of one for each stage and candidate.
  func joiningCandidates() -> StepPlan {
    var plan = self
    plan.together += plan.apart
    plan.apart = []
    return plan
  }

  /// For how many candidates at once a stage's values are stored: for one, where each candidate goes
  /// through to the end before the next.
  func storedCandidates(_ stage: Int) -> Int { apart.contains(stage) ? 1 : 3 }

  /// The channels of a stage's output that a change of `output` reaches.
  func reached(_ index: Int, by output: Int) -> Range<Int> {
    reach.channels(reach.output[index], of: output, among: outputs[index])
  }

  /// True if part of an affected stage's sum does not depend on the searched channel. (If only some
  /// channels of a stage change, the sums of its other channels do not depend on it at all.)
  private func hasBaseSum(_ index: Int) -> Bool {
    reach.output[index] != .unaffected
      && (reach.operation[index] != .full || (reach.skip[index] ?? .full) != .full)
  }

  /// True if the base sum holds all input channels of a convolution but those that the searched one
  /// reaches, so that a group of neighbours shares most of it.
  func sharesBaseSum(_ index: Int) -> Bool { shares[index] }

  /// The channels of a stage's input that a group of neighbours reaches together.
  func operationPart(_ index: Int, of group: Range<Int>) -> Range<Int> {
    reach.map(reach.operation[index])?[group] ?? 0..<0
  }

  /// True if every step reads the base sum, not only other base sums.
  func keepsBaseSum(_ index: Int) -> Bool {
    guard hasBaseSum(index) else { return false }
    if reach.output[index] == .full || index == reach.output.count - 1 { return true }
    guard index != stage else { return false }
    let own = stages[index]
    if own.normGroups != nil { return true }
    if let operation = own.operation {
      // The other inputs of the groups, or the sums that the skip is added to.
      return reach.skip[index]?.isPart == true
        || operation.groups > 1 && own.inputShape.channels > operation.groups
    }
    return needsBaseSum(passing: own, operation: reach.operation[index], skip: reach.skip[index])
  }

  /// True if a channel that changes in a stage without an operation also has a part that does not.
  private func needsBaseSum(passing own: Stage, operation: Reach, skip: Reach?) -> Bool {
    guard own.skip != nil else { return false }
    // The parts of a concatenation stand in different channels; those between two that change do not.
    if own.skipOffset >= own.inputShape.channels {
      return operation.isPart && skip?.isPart == true
    }
    return operation != skip
  }

  /// With groups of k among n channels, a neuron adds k - 1 channels to what its group shares, and a
  /// group sums n - k channels once: the least work is at k near the root of n.
  static func groupSize(outputs: Int) -> Int {
    max(1, Int(Double(outputs).squareRoot().rounded()))
  }

  /// The group of neighbours that an output belongs to.
  func group(of output: Int, outputs: Int) -> Range<Int> {
    let first = output / groupSize * groupSize
    return first..<min(outputs, first + groupSize)
  }
}
