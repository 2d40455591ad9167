import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORanks
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("runs on several ranks")
struct RankedRunTests {
  let temporary: TemporaryDirectory

  init() throws { temporary = try TemporaryDirectory() }

  /// Minibatches of 70 have three chunks.
  private static let dataset = Dataset(
    name: "small", training: SmallRun.images(150, stream: 0),
    validation: SmallRun.images(50, stream: 2),
    test: SmallRun.images(40, stream: 1))

  private static func plan(
    seed: UInt64 = 7, _ change: (inout SearchOptions) -> Void = { _ in }
  ) -> SearchPlan {
    var options = SearchOptions()
    options.cycles = 2
    options.batchSize = 70
    change(&options)
    return SearchPlan(
      architecture: SmallRun.architecture, options: options, seed: seed, data: dataset.identity,
      normalization: Normalization(of: dataset.training))
  }

  private static func factory(_ ranks: any Ranks) -> EvaluatorFactory {
    Backends.standard.factory(threads: 1, ranks: ranks)
  }

  /// Runs in a directory on several ranks: from the beginning, or from what is there.
  ///
  /// - Parameters:
  ///   - groups: The number of groups of ranks, each of which searches `workers` neurons at a time.
  ///   - stopAfter: Steps after which a signal reaches rank 0; nil: none.
  ///   - program: Computes the objective on the first rank of each group.
  ///   - factory: Makes the evaluator of a rank.
  /// - Returns: How each rank ended.
  private func run(
    _ name: String, ranks count: Int, groups: Int = 1, workers: Int = 1,
    plans: @escaping @Sendable (_ rank: Int) -> SearchPlan, stopAfter: Int? = nil,
    program: (any ObjectiveProgram)? = nil,
    factory: @escaping @Sendable (_ ranks: any Ranks) -> EvaluatorFactory = Self.factory
  ) throws -> [Result<TrainingRun.Outcome, any Error>] {
    let path = temporary(name)
    let exists = !RunPaths(directory: path).checkpoints().isEmpty
    let stored =
      try exists
      ? CheckpointStore(paths: RunPaths(directory: path)).newest().stored
        .resumed(in: SmallRun.environment) : nil
    return try InProcessRanks.results(ofGroup: count) { ranks in
      Result {
        let checkpoint = try stored ?? SmallRun.checkpoint(plans(ranks.rank))
        let groups = RankGroups(ranks, count: groups)
        var settings = RunSettings()
        settings.workers = workers
        let own = RankedObjective(groups.own.rank == 0 ? program : nil, ranks: groups.own)
        guard ranks.rank == 0 else {
          var following = try FollowingRun(
            checkpoint: checkpoint, dataset: Self.dataset, settings: settings, groups: groups,
            program: own, makeEvaluator: factory(groups.own))
          return try following.run()
        }
        let counter = StepClock()
        var training = try TrainingRun(
          checkpoint: checkpoint, dataset: Self.dataset,
          directory: exists ? RunDirectory.open(at: path) : RunDirectory.create(at: path),
          settings: settings, clock: counter.clock, groups: groups,
          program: program == nil ? nil : own, makeEvaluator: factory(groups.own),
          interruption: { stopAfter.flatMap { counter.clock.elapsed() >= Double($0) ? 15 : nil } },
          observe: { if case .stepFinished = $0 { counter.tick() } })
        return try training.run()
      }
    }
  }

  private func state(_ name: String) throws -> String {
    try CheckpointStore(paths: RunPaths(directory: temporary(name))).newest().stored.stateSHA256
  }

  static let modes: [(String, @Sendable (inout SearchOptions) -> Void)] = [
    ("as it is", { _ in }),
    ("minibatches of a single step", { $0.batching = .random }),
    ("held minibatches", { ($0.hold, $0.batchSize) = (3, 40) }),
    ("the vertex of a parabola", { $0.selection = .vertex }),
    ("changed images", { $0.augment = Augmentation(shift: 1, flip: true) }),
    ("patience", { $0.patience = 1 }),
    ("zero-one loss", { $0.loss = .zeroOne }),
  ]

  @Test("a run has the bits of a single process", arguments: 0..<modes.count, [2, 3, 5])
  func sameState(mode: Int, count: Int) throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in Self.plan(Self.modes[mode].1) }
    for (name, count) in [("alone", 1), ("together", count)] {
      let outcomes = try run(name, ranks: count, plans: plan)
      for outcome in outcomes { #expect(try outcome.get() == .finished, "\(Self.modes[mode].0)") }
    }
    #expect(try state("together") == state("alone"), "\(Self.modes[mode].0)")
  }

  @Test(
    "groups that search different neurons have the bits of a single process",
    arguments: [ParallelMode.neuron, .layer],
    [(2, 2, 1), (3, 3, 2), (4, 2, 1), (5, 2, 1), (7, 7, 1)])
  func groups(mode: ParallelMode, ranks: (count: Int, groups: Int, workers: Int)) throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in
      Self.plan { ($0.parallel, $0.augment) = (mode, Augmentation(shift: 1, flip: false)) }
    }
    for outcome in try run("alone", ranks: 1, plans: plan) {
      #expect(try outcome.get() == .finished)
    }
    let outcomes = try run(
      "together", ranks: ranks.count, groups: ranks.groups, workers: ranks.workers, plans: plan)
    for outcome in outcomes { #expect(try outcome.get() == .finished) }
    #expect(try state("together") == state("alone"))
  }

  @Test("a run in groups is stopped, and resumed in other groups and by one process")
  func resumeGroups() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in Self.plan { $0.parallel = .neuron } }
    _ = try run("alone", ranks: 1, plans: plan)
    for (count, groups, stop) in [(3, 3, 2), (4, 2, 4), (2, 1, 3)] {
      let outcomes = try run(
        "run", ranks: count, groups: groups, plans: plan, stopAfter: stop)
      for outcome in outcomes { #expect(try outcome.get() == .interrupted(signal: 15)) }
    }
    for outcome in try run("run", ranks: 1, plans: plan) {
      #expect(try outcome.get() == .finished)
    }
    #expect(try state("run") == state("alone"))
  }

  @Test("an error in one group ends all ranks, which learn the group")
  func errorOfGroup() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in Self.plan { $0.parallel = .neuron } }
    let outcomes = try run("run", ranks: 3, groups: 2, plans: plan) { ranks in
      { architecture, samples, parameters, path in
        let evaluator = try Self.factory(ranks)(architecture, samples, parameters, path)
        // Only the second group has two ranks.
        guard ranks.count == 2 else { return evaluator }
        return AlteredEvaluator(evaluator, changeLosses: { $0.map { _ in .nan } })
      }
    }
    for (rank, outcome) in outcomes.enumerated() {
      #expect {
        try outcome.get()
      } throws: { error in
        switch error as? SearchError {
        case .failedElsewhere(group: 1, _)?: rank == 0
        case .lossNotFinite?: rank > 0
        default: false
        }
      }
    }
    _ = try run("run", ranks: 2, groups: 2, plans: plan)
    _ = try run("alone", ranks: 1, plans: plan)
    #expect(try state("run") == state("alone"))
  }

  @Test("each group asks a program of its own, and the failure of one ends all")
  func programOfGroups() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in
      Self.plan {
        ($0.loss, $0.objectiveCommand) = (.program, ObjectiveCommand("program"))
        $0.parallel = .neuron
      }
    }
    let program = ComputedObjective(.rocAUC, outputs: 3)
    _ = try run("alone", ranks: 1, plans: plan, program: program)
    let outcomes = try run(
      "run", ranks: 4, groups: 2, plans: plan,
      program: ComputedObjective(.rocAUC, outputs: 3, answersUntilFailure: 30))
    for outcome in outcomes { #expect(throws: (any Error).self) { try outcome.get() } }
    for outcome in try run("run", ranks: 3, groups: 3, plans: plan, program: program) {
      #expect(try outcome.get() == .finished)
    }
    #expect(try state("run") == state("alone"))
  }

  @Test("a signal stops all ranks at one boundary, and other numbers of ranks resume")
  func resume() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in Self.plan() }
    _ = try run("alone", ranks: 1, plans: plan)
    for (count, stop) in [(3, 5), (2, 20), (4, 11)] {
      let outcomes = try run("run", ranks: count, plans: plan, stopAfter: stop)
      for outcome in outcomes { #expect(try outcome.get() == .interrupted(signal: 15)) }
    }
    for outcome in try run("run", ranks: 1, plans: plan) {
      #expect(try outcome.get() == .finished)
    }
    #expect(try state("run") == state("alone"))
  }

  @Test("a rank with another seed ends all ranks, before anything is computed")
  func otherSeed() throws {
    let outcomes = try run("run", ranks: 3) { Self.plan(seed: $0 == 2 ? 8 : 7) }
    for outcome in outcomes {
      #expect(throws: RunError.ranksDiffer(rank: 2, part: "seed")) { try outcome.get() }
    }
  }

  /// Chooses another candidate than the losses say, in its 30th comparison.
  private static func astray(_ evaluator: any Evaluator) -> AlteredEvaluator {
    var comparisons = 0
    return AlteredEvaluator(
      evaluator,
      changeLosses: { losses in
        comparisons += 1
        return comparisons == 30 ? losses.reversed().map { $0 + 1 } : losses
      })
  }

  @Test("ranks that no longer agree end at the last boundary on which they did")
  func astray() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in Self.plan() }
    let outcomes = try run("run", ranks: 2, plans: plan) { ranks in
      { architecture, samples, parameters, path in
        let evaluator = try Self.factory(ranks)(architecture, samples, parameters, path)
        return ranks.rank == 1 ? Self.astray(evaluator) : evaluator
      }
    }
    for outcome in outcomes {
      #expect(throws: RunError.ranksDiffer(rank: 1, part: "parameters")) { try outcome.get() }
    }
    // The saved state leads to that of an undisturbed run.
    _ = try run("run", ranks: 2, plans: plan)
    _ = try run("alone", ranks: 1, plans: plan)
    #expect(try state("run") == state("alone"))
  }

  @Test("rank 0 alone asks a program for the objective, and all ranks have its numbers")
  func program() throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in
      Self.plan {
        ($0.loss, $0.objectiveCommand) = (.program, ObjectiveCommand("program"))
        $0.patience = 1
      }
    }
    let program = ComputedObjective(.rocAUC, outputs: 3)
    for (name, count) in [("alone", 1), ("together", 3)] {
      for outcome in try run(name, ranks: count, plans: plan, program: program) {
        #expect(try outcome.get() == .finished)
      }
    }
    #expect(try state("together") == state("alone"))
  }

  @Test(
    "a program that fails on rank 0 ends all ranks, and the run is resumed", arguments: [9, 33])
  func programFails(answers: Int) throws {
    let plan: @Sendable (Int) -> SearchPlan = { _ in
      Self.plan {
        ($0.loss, $0.objectiveCommand) = (.program, ObjectiveCommand("program"))
        $0.hold = 2
      }
    }
    let outcomes = try run(
      "run", ranks: 3, plans: plan,
      program: ComputedObjective(.rocAUC, outputs: 3, answersUntilFailure: answers))
    #expect(throws: ComputedObjective.Failure()) { try outcomes[0].get() }
    for outcome in outcomes[1...] {
      #expect(throws: RankedObjective.FailedElsewhere.self) { try outcome.get() }
    }
    let program = ComputedObjective(.rocAUC, outputs: 3)
    _ = try run("run", ranks: 2, plans: plan, program: program)
    _ = try run("alone", ranks: 1, plans: plan, program: program)
    #expect(try state("run") == state("alone"))
  }
}
