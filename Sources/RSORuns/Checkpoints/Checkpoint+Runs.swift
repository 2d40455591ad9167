import RSOCheckpoints
import RSONetworks
import RSOSearch

extension Checkpoint {
  /// The beginning of a new run.
  ///
  /// - Parameters:
  ///   - date: The current time, in seconds since 1970.
  ///   - parameters: The initial parameters, if the plan names some; nil if they are drawn from the
  ///     seed.
  ///   - statistics: The batch-norm statistics that belong to the parameters, if they are known.
  package static func initial(
    plan: SearchPlan, environment: RunEnvironment, date: Double, parameters: [Float]? = nil,
    statistics: NormalizationStatistics? = nil
  ) throws -> Checkpoint {
    let state = try SearchState.initial(plan: plan, parameters: parameters)
    var random = SystemRandomNumberGenerator()
    let runID = (0..<2).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    return Checkpoint(
      plan: plan, state: state, statistics: statistics, history: [],
      provenance: Provenance(
        runID: runID, version: environment.version, numericPath: plan.numericPath,
        instructionSet: environment.instructionSet, host: environment.host, created: date,
        saved: date))
  }

  /// The layers whose initial deviation is 0, so that the search never changes their weights.
  package func unmovedLayers() throws -> [String] {
    let layers = try plan.architecture.layout().layers
    return zip(layers, state.initialDeviations).filter { $1 == 0 }.map(\.0.name)
  }

  /// True between two cycles, and at the beginning of the run.
  package var isCycleEnd: Bool {
    let firstLayer = plan.options.layers.visited(of: state.initialDeviations.count).first
    return state.cursor.neuron == 0 && state.cursor.layer == firstLayer
  }

  /// The criterion that the best cycle is chosen by.
  package var criterion: Criterion { Criterion(plan.data, plan.options.loss) }

  /// The best cycle so far; the first one of several equal ones.
  package var best: CycleRecord? { history.best(by: criterion) }

  /// True if the plan's patience has run out: too many cycles were not better than the best one.
  package var isOutOfPatience: Bool { plan.isOutOfPatience(after: history) }

  /// True at the end of the plan, or if its patience has run out.
  package var isFinished: Bool {
    state.cursor.cycle >= plan.options.cycles || isOutOfPatience
  }

  /// True if the best cycle is measured on the test set at the end of the run: a validation set has chosen it.
  package var testsAtEnd: Bool { plan.data.validationCount != nil && plan.data.testCount > 0 }

  /// True if the last cycle is better than every earlier one.
  var isBest: Bool { history.last.map { $0.cycle == best?.cycle } ?? false }

  /// The batch-norm statistics, which are empty for a network without a batch norm; nil if they must be computed
  /// from the training set first.
  package func knownStatistics() throws -> NormalizationStatistics? {
    if let statistics { return statistics }
    let layers = try plan.architecture.layout().layers
    guard !layers.contains(where: \.hasStatistics) else { return nil }
    let none = [[Float]](repeating: [], count: layers.count)
    return NormalizationStatistics(mean: none, variance: none)
  }

  /// The position of the run.
  ///
  /// *Throws:* `SearchError` for a state that no search of the plan can come to.
  package func position() throws -> RunPosition {
    let order = try SearchOrder(plan)
    try state.validate(plan, order: order)
    return RunPosition(
      cycles: state.cursor.cycle, steps: order.stepsInCycle(before: state.cursor))
  }
}

extension SealedCheckpoint {
  /// The criterion that the best cycle was chosen by when the file was written.
  package var criterion: Criterion {
    userBlock.version < FormatVersion(major: 2, minor: 3) ? .testAccuracy : checkpoint.criterion
  }

  /// True if the plan names the classes of the data, unless they are 0, 1, 2 ...; files of earlier format
  /// versions have no names.
  package var recordsNames: Bool { userBlock.version >= FormatVersion(major: 2, minor: 3) }

  /// The checkpoint with which the run continues here.
  ///
  /// - Parameter acceptsDifferentBits: True if the run may continue with other bits than its version of rso has, or
  ///   on another numeric path if its own is not available here. Its results then differ from those
  ///   of an uninterrupted run. The provenance records the change.
  ///
  /// *Throws:* `RunError.differentBits` if that is needed and not accepted.
  package func resumed(
    in environment: RunEnvironment, acceptsDifferentBits: Bool = false
  ) throws(RunError) -> Checkpoint {
    var checkpoint = checkpoint
    let (version, path) = (checkpoint.provenance.version, checkpoint.plan.numericPath)
    let hasPath = environment.numericPaths.contains(path)
    if !environment.computesBits(of: version) || !hasPath {
      let herePath = hasPath ? path : environment.numericPaths[0]
      guard acceptsDifferentBits else {
        throw .differentBits(
          found: "rso \(version), numeric path \(path)",
          here: "rso \(environment.version), numeric path \(herePath)")
      }
      let cursor = checkpoint.state.cursor
      let part =
        "rso \(version) \(path) until cycle \(cursor.cycle) layer \(cursor.layer) "
        + "neuron \(cursor.neuron)"
      checkpoint.provenance.differentBits =
        (checkpoint.provenance.differentBits.map { $0 + "; " } ?? "") + part
      checkpoint.plan.numericPath = herePath
      checkpoint.provenance.numericPath = herePath
    }
    checkpoint.provenance.version = environment.version
    checkpoint.provenance.instructionSet = environment.instructionSet
    checkpoint.provenance.host = environment.host
    checkpoint.provenance.resumes += 1
    checkpoint.provenance.resumedFrom = userBlock.sha256
    return checkpoint
  }
}

extension SearchPlan {
  /// Returns true if too many cycles in a row were not better than the best one.
  func isOutOfPatience(after history: [CycleRecord]) -> Bool {
    guard let patience = options.patience,
      let best = history.best(by: Criterion(data, options.loss))
    else {
      return false
    }
    return history.count - best.cycle >= patience
  }
}
