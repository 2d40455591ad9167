import RSOCheckpoints
import RSODatasets
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("Replay")
struct ReplayTests {
  let temporary: TemporaryDirectory
  let beginning: Checkpoint
  let start: Checkpoint
  /// A cycle later.
  let end: Checkpoint

  init() throws {
    temporary = try TemporaryDirectory()
    let harness = RunHarness(directory: temporary("run"))
    _ = try harness.train()
    let paths = RunPaths(directory: harness.directory)
    beginning = try CheckpointReader.read(paths.cycle(0)).checkpoint
    start = try CheckpointReader.read(paths.cycle(1)).checkpoint
    end = try CheckpointReader.read(paths.cycle(2)).checkpoint
  }

  private func replay(
    _ neurons: Int, from start: Checkpoint? = nil, to end: Checkpoint? = nil,
    environment: RunEnvironment = SmallRun.environment
  ) throws -> Replay.Outcome {
    try Replay.compare(
      from: start ?? self.start, to: end ?? self.end, neurons: neurons,
      dataset: SmallRun.dataset, environment: environment, makeEvaluator: SmallRun.evaluator)
  }

  @Test("a trajectory that is what its files say is good, in part and as a whole")
  func good() throws {
    #expect(try replay(1) == .same(neurons: 1, isWhole: false))
    #expect(try replay(8) == .same(neurons: 8, isWhole: false))
    #expect(try replay(9) == .same(neurons: 9, isWhole: true))
    #expect(try replay(1000) == .same(neurons: 9, isWhole: true))
  }

  @Test("a weight that training did not give is found when its neuron is replayed")
  func weight() throws {
    var forged = end
    // The last neuron of the cycle: gamma of the convolution's second output.
    let order = 9
    let index = forged.state.parameters.firstIndex { $0 != start.state.parameters[0] } ?? 0
    forged.state.parameters[index] = forged.state.parameters[index].nextUp
    guard case .differs(_, let what) = try replay(order, to: forged) else {
      Issue.record("a forged weight was not found")
      return
    }
    #expect(what.hasPrefix("/parameters/"))
    forged = end
    let last = forged.state.parameters.count - 1
    forged.state.parameters[last] = forged.state.parameters[last].nextUp
    // The linear layer is visited first.
    #expect(
      try replay(3, to: forged) == .differs(neurons: 3, what: "bias 0 of output 2 of fc"))
    #expect(try replay(2, to: forged) == .same(neurons: 2, isWhole: false))
  }

  @Test("figures that training did not give are found")
  func figures() throws {
    var forged = end
    forged.history[1].trainingLoss = forged.history[1].trainingLoss.nextUp
    #expect(
      try replay(9, to: forged) == .differs(neurons: 9, what: "the history's row of cycle 2"))
    forged = end
    forged.history[1].test?.accuracy = 0
    #expect(try replay(9, to: forged) == .differs(neurons: 9, what: "the test figures of cycle 2"))
    forged = end
    forged.statistics?.mean[0][0] += 1
    #expect(try replay(9, to: forged) == .differs(neurons: 9, what: "/statistics"))
  }

  @Test("a plan that was given another end at either checkpoint is followed")
  func extended() throws {
    var longer = end
    longer.plan = try end.plan.extended(to: 3, finished: 2, .rescale)
    #expect(try replay(9, to: longer) == .same(neurons: 9, isWhole: true))
    var shorter = start
    shorter.plan = try start.plan.extended(to: 5, finished: 1, .rescale)
    #expect(try replay(9, from: shorter) == .same(neurons: 9, isWhole: true))
    // Neither plan gives what was forged.
    longer.state.parameters[0] += 1
    guard case .cannotTell(let reason) = try replay(9, to: longer) else {
      Issue.record("a state that neither plan leads to was not doubted")
      return
    }
    #expect(reason.contains("the plan was changed"))
  }

  @Test("what cannot be compared is not called good or bad")
  func unknown() throws {
    func isUnknown(_ outcome: Replay.Outcome, _ reason: String) -> Bool {
      if case .cannotTell(let found) = outcome { found.contains(reason) } else { false }
    }
    var other = end
    other.provenance.runID = "x"
    #expect(isUnknown(try replay(9, to: other), "different runs"))
    other = end
    other.provenance.version = "0.9.0"
    #expect(isUnknown(try replay(9, to: other), "rso 1.0.0 and 0.9.0; this is 1.0.0"))
    other = end
    other.provenance.resealed = 1
    #expect(isUnknown(try replay(9, to: other), "edited"))
    #expect(isUnknown(try replay(9, from: end, to: start), "does not come after"))
    #expect(isUnknown(try replay(1, from: beginning), "more than a cycle"))
    let joint = try [start, end].map { checkpoint in
      var (joint, options) = (checkpoint, checkpoint.plan.options)
      options.granularity = .network
      joint.plan = SearchPlan(
        architecture: joint.plan.architecture, options: options, seed: joint.plan.seed,
        data: joint.plan.data, normalization: joint.plan.normalization,
        initialParameters: joint.plan.initialParameters)
      return joint
    }
    var made = 0
    let outcome = try Replay.compare(
      from: joint[0], to: joint[1], neurons: 8, dataset: SmallRun.dataset,
      environment: SmallRun.environment
    ) {
      made += 1
      return try SmallRun.evaluator($0, $1, $2, $3)
    }
    #expect(isUnknown(outcome, "changes the whole network"))
    #expect(made == 0, "searched although nothing can be told")
    let elsewhere = RunEnvironment(
      version: "1.0.0", instructionSet: "generic", numericPaths: ["f16"])
    #expect(isUnknown(try replay(9, environment: elsewhere), "numeric path f32"))
    let later = RunEnvironment(version: "2.0.0", instructionSet: "generic")
    #expect(isUnknown(try replay(9, environment: later), "this is 2.0.0"))
    let equal = RunEnvironment(version: "2.0.0", equalBits: ["1.0.0"], instructionSet: "generic")
    #expect(!isUnknown(try replay(9, environment: equal), "2.0.0"))
  }
}
