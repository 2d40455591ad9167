/// What a change of one output channel of one stage does to the stages after it.
///
/// Only what a change can reach is ever computed again: a stage is not affected, or changes in that
/// one channel (batch norm, activations and pools keep channels apart), or in all of them. Whatever of a
/// stage's sum does not depend on the channel is its *residual*, computed once a neuron for every
/// minibatch: z = residual + (part of the changed input channel, or of all input channels)
/// + (skip likewise).
struct StepPlan {
  enum Reach: Equatable {
    case unaffected
    /// Only the channel that is searched.
    case channel
    case full
  }

  /// The searched stage.
  let stage: Int
  /// How far a change reaches into each stage's output.
  let reach: [Reach]
  /// How far it reaches into each stage's operation, and into its skip; nil: no skip.
  let operation: [Reach]
  let skip: [Reach?]
  /// Stages that a step makes a pass for, in order: first those that all candidates pass through at
  /// once, for they share what is read; then those that each candidate passes through by itself, for
  /// its values then stay in the cache from one pass to the next.
  let together: [Int]
  let apart: [Int]
  /// Stages from `stage` on whose values, without the searched channel, residuals are made of.
  let base: [Int]
  /// Earlier stages that later ones read, `stage` included.
  let inputs: [Int]
  /// Whether `stage` or a later one reads the samples themselves.
  let readsSamples: Bool
  /// Stages whose candidates' values are kept from pass to pass; the others are computed again
  /// where they are read, which costs less than the memory traffic.
  let isStored: [Bool]
  /// Outputs of the searched stage that are neighbours: residuals share what they do not contribute.
  let groupSize: Int
  /// Whether the searched stage's values are read by such residuals alone, channel by channel.
  let isReadByChannels: Bool
  /// The stage whose stored values a stage's own take the place of: it reads them as the only one,
  /// and a block's are read before any of it is written.
  let overwritten: [Int?]

  init(stage searched: Int, graph: StageGraph, geometries: [StageGeometry]) {
    let stages = graph.stages
    stage = searched
    var reach = [Reach](repeating: .unaffected, count: stages.count)
    var operation = reach
    var skip = [Reach?](repeating: nil, count: stages.count)
    func reachOf(_ source: Stage.Source) -> Reach {
      guard case .stage(let index) = source, index >= searched else { return .unaffected }
      return reach[index]
    }
    reach[searched] = .channel
    for index in (searched + 1)..<max(searched + 1, stages.count) {
      let spec = stages[index]
      operation[index] = reachOf(spec.source)
      skip[index] = spec.skip.map(reachOf)
      let sum: Reach =
        switch operation[index] {
        case .unaffected: .unaffected
        case .channel: spec.operation == .none ? .channel : .full
        case .full: .full
        }
      reach[index] =
        switch (sum, skip[index] ?? .unaffected) {
        case (.unaffected, let other): other
        case (let own, .unaffected): own
        case (.channel, .channel): .channel
        default: .full
        }
    }
    self.reach = reach
    self.operation = operation
    self.skip = skip

    /// Stages read, without the searched channel, by the residual of `index`.
    func residualSources(_ index: Int) -> [Stage.Source] {
      var sources: [Stage.Source] = []
      if index == searched || operation[index] != .full { sources.append(stages[index].source) }
      if let source = stages[index].skip, index == searched || skip[index] != .full {
        sources.append(source)
      }
      return sources
    }
    var needed = Set<Int>([searched])
    var readsSamples = false
    var inputs = Set<Int>()
    for index in stages.indices.reversed() where index >= searched {
      guard reach[index] != .unaffected || needed.contains(index) else { continue }
      for source in residualSources(index) {
        switch source {
        case .samples: readsSamples = true
        case .stage(let earlier) where earlier < searched: inputs.insert(earlier)
        case .stage(let other): needed.insert(other)
        }
      }
    }
    base = needed.sorted()
    groupSize = Self.groupSize(outputs: geometries[searched].outputs)
    isReadByChannels = stages.indices.allSatisfy { index in
      index <= searched
        || stages[index].skip != .stage(searched)
          && (stages[index].source != .stage(searched) || stages[index].operation != .none)
    }
    self.inputs = inputs.sorted()
    self.readsSamples = readsSamples

    func readers(_ index: Int) -> Int {
      stages.filter { $0.source == .stage(index) || $0.skip == .stage(index) }.count
    }
    var isStored = [Bool](repeating: false, count: stages.count)
    for index in stages.indices where index > searched && reach[index] == .full {
      isStored[index] = operation[index] == .full || readers(index) > 1
      // A 1 x 1 convolution of a few stored channels is sooner done again than written and read.
      if stages[index].operation == .convolution(kernel: 1), geometries[index].inputs <= 32,
        readers(index) == 1, case .stage(let source) = stages[index].source, isStored[source]
      {
        isStored[index] = false
      }
    }
    self.isStored = isStored
    overwritten = stages.indices.map { index in
      guard isStored[index], operation[index] == .full, geometries[index].readsBeforeWriting,
        case .stage(let source) = stages[index].source, isStored[source], readers(source) == 1,
        stages[index].skip != .stage(source),
        geometries[source].count == geometries[index].count
      else { return nil }
      return source
    }

    let last = stages.count - 1
    let passes = stages.indices.filter { index in
      if index == last { return true }
      return index > searched && reach[index] != .unaffected
        && (stages[index].normalized || isStored[index])
    }
    // What all candidates read is a residual; where it is larger than what a candidate leaves behind,
    // it is better read once.
    let divide =
      passes.firstIndex { index in
        guard operation[index] == .full, case .stage(let source) = stages[index].source else {
          return false
        }
        return isStored[source] || geometries[source].count <= geometries[index].count
      } ?? passes.endIndex
    together = Array(passes[..<divide])
    apart = Array(passes[divide...])
  }

  /// For how many candidates at once a stage's values are stored: for one, where each is taken through
  /// to the end before the next.
  func storedCandidates(_ stage: Int) -> Int { apart.contains(stage) ? 1 : 3 }

  /// Whether part of an affected stage's sum does not depend on the searched channel. (All of it,
  /// for the other channels of a stage in which only that channel changes.)
  func hasResidual(_ index: Int) -> Bool {
    reach[index] != .unaffected && (operation[index] != .full || (skip[index] ?? .full) != .full)
  }

  /// Whether the residual holds all input channels of a convolution but the searched one.
  func sharesResidual(_ index: Int) -> Bool {
    operation[index] == .channel && reach[index] == .full
  }

  /// With groups of k among n channels a neuron adds k - 1 channels to what its group shares, and the
  /// group n - k once: the least work for k near the root of n.
  static func groupSize(outputs: Int) -> Int {
    max(1, Int(Double(outputs).squareRoot().rounded()))
  }

  /// The neighbours of an output, itself among them.
  func group(of output: Int, outputs: Int) -> Range<Int> {
    let first = output / groupSize * groupSize
    return first..<min(outputs, first + groupSize)
  }

  /// Whether the residual is read in every step, not only when other residuals are made.
  func keepsResidual(_ index: Int) -> Bool {
    guard hasResidual(index) else { return false }
    return reach[index] == .full || index == reach.count - 1
      || (index != stage && skip[index] == .channel)
  }
}
