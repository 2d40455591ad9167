import RSONetworks
import RSOSearch
import Testing

@Suite("Search")
struct SearchTests {
  /// What a search leaves behind.
  struct Trajectory: Equatable {
    var states: [SearchState]
    var summaries: [CycleSummary] = []
  }

  /// Goes on from `state` to the plan's end.
  private func run(
    _ plan: SearchPlan, from state: SearchState? = nil,
    with makeEvaluator: ([Float]) throws -> any Evaluator
  ) throws -> Trajectory {
    var search = try Search(
      plan: plan, state: try state ?? .initial(plan: plan), makeEvaluator: makeEvaluator)
    var trajectory = Trajectory(states: [search.state])
    while !search.isFinished {
      if case .cycleFinished(let summary) = try search.step() {
        trajectory.summaries.append(summary)
      }
      trajectory.states.append(search.state)
      #expect(search.evaluator.parameters == search.state.parameters)
    }
    return trajectory
  }

  static let plans: [(name: String, plan: SearchPlan)] = [
    ("cyclic", SmallNetwork.plan()),
    ("cyclic in phases", SmallNetwork.plan { $0.phaseSamples = 13 }),
    ("random", SmallNetwork.plan { $0.batching = .random }),
    (
      "random in phases",
      SmallNetwork.plan {
        $0.batching = .random
        $0.phaseSamples = 13
      }
    ),
    ("strong decay", SmallNetwork.plan { $0.weightDecay = 0.1 }),
    ("no decay", SmallNetwork.plan { $0.weightDecay = 0 }),
    ("hinge", SmallNetwork.plan { $0.loss = .hinge }),
    ("zero-one", SmallNetwork.plan { $0.loss = .zeroOne }),
    ("binary weights", SmallNetwork.plan { $0.weights = .binary }),
    (
      "ternary weights, the first that improves",
      SmallNetwork.plan {
        $0.weights = .ternary
        $0.selection = .first
      }
    ),
    (
      "eight-bit weights on held minibatches",
      SmallNetwork.plan {
        $0.weights = .int8
        $0.weightDecay = 0.1
        $0.hold = 3
      }
    ),
  ]

  @Test("resuming at any neuron boundary reproduces the run", arguments: plans.indices)
  func resuming(row: Int) throws {
    let plan = Self.plans[row].plan
    for make in [SmallNetwork.reference, { try QuadraticEvaluator(parameters: $0) }] {
      let whole = try run(plan, with: make)
      #expect(whole.states.count == 19 && whole.summaries.count == 2)
      for (place, state) in whole.states.enumerated() {
        let resumed = try run(plan, from: state, with: make)
        #expect(resumed.states == Array(whole.states[place...]), "\(Self.plans[row].name)")
        #expect(
          resumed.summaries == Array(whole.summaries[(place < 9 ? 0 : place < 18 ? 1 : 2)...]))
      }
    }
  }

  @Test("plans and seeds lead to runs of their own")
  func differentRuns() throws {
    let plans = Self.plans.map(\.plan) + [SmallNetwork.plan(seed: 8)]
    let ends = try plans.map { try run($0, with: SmallNetwork.reference).states.last!.parameters }
    #expect(Set(ends).count == plans.count)
  }

  @Test("a search lowers the loss")
  func learning() throws {
    let summaries = try run(
      SmallNetwork.plan {
        $0.cycles = 6
        $0.batchSize = 13
      }, with: SmallNetwork.reference
    ).summaries
    #expect(summaries.last!.trainingLoss < 0.7 * summaries.first!.trainingLoss)
  }

  @Test("a cycle's figures count its steps, and the next begins with none")
  func figures() throws {
    let plan = SmallNetwork.plan()
    let trajectory = try run(plan, with: SmallNetwork.reference)
    let layout = try SmallNetwork.layout()
    for (place, summary) in trajectory.summaries.enumerated() {
      #expect(summary.cycle == place + 1)
      #expect(summary.evaluations == 3 * layout.parameterCount)
      #expect(summary.tallies.map(\.steps) == layout.layers.map(\.parameterCount))
      let schedule = DeviationSchedule(
        initialDeviations: trajectory.states[0].initialDeviations, options: plan.options)
      #expect(summary.deviations == schedule.deviations(cycle: place))
    }
    let between = trajectory.states[9]
    #expect(between.cursor == SearchCursor(cycle: 1, layer: 1, neuron: 0))
    #expect(between.lossSum == 0 && between.evaluations == 0)
    #expect(between.tallies.allSatisfy { $0.steps == 0 })
  }

  @Test("deviations follow the steps of the cycles before, also after a resumption")
  func adaptation() throws {
    let plan = SmallNetwork.plan {
      $0.cycles = 3
      $0.adapt = .success
      $0.deviationScale = 20
    }
    let trajectory = try run(plan, with: SmallNetwork.reference)
    var factors = [1.0, 1.0]
    for (place, summary) in trajectory.summaries.enumerated() {
      let schedule = DeviationSchedule(
        initialDeviations: trajectory.states[0].initialDeviations, factors: factors,
        options: plan.options)
      #expect(summary.deviations == schedule.deviations(cycle: place))
      factors = zip(factors, summary.tallies).map { $0 * Adaptation.success.factor(after: $1) }
    }
    let last = try #require(trajectory.states.last)
    #expect(last.deviationFactors == factors && factors.contains { $0 < 1 })
    let middle = trajectory.states[trajectory.states.count / 2]
    var resumed = try Search(plan: plan, state: middle, makeEvaluator: SmallNetwork.reference)
    while !resumed.isFinished { _ = try resumed.step() }
    #expect(resumed.state == last)
  }

  @Test("the mean of the chosen losses is the cycle's training loss")
  func trainingLoss() throws {
    let plan = SmallNetwork.plan { $0.cycles = 1 }
    var search = try Search(
      plan: plan, state: .initial(plan: plan), makeEvaluator: SmallNetwork.reference)
    var steps: [SearchStep] = []
    var summary: CycleSummary?
    while !search.isFinished {
      if case .cycleFinished(let done) = try search.step(observe: { steps.append($0) }) {
        summary = done
      }
    }
    #expect(summary?.trainingLoss == steps.reduce(0) { $0 + $1.loss! } / Double(steps.count))
    for choice in [Choice.kept, .plus, .minus] {
      let counted = summary!.tallies.reduce(0) {
        $0 + (choice == .kept ? $1.kept : choice == .plus ? $1.plus : $1.minus)
      }
      #expect(counted == steps.count { $0.choice == choice })
    }
  }

  @Test("an evaluator is asked layer by layer, neuron by neuron, on the batches of the rotation")
  func calls() throws {
    let plan = SmallNetwork.plan { $0.cycles = 1 }
    let order = try SearchOrder(plan)
    let state = try SearchState.initial(plan: plan)
    let evaluator = try QuadraticEvaluator(parameters: state.parameters)
    var search = try Search(plan: plan, state: state) { _ in evaluator }
    while !search.isFinished { _ = try search.step() }

    let sampler = BatchSampler(
      options: plan.options, seed: plan.seed, samples: 26,
      layers: ["conv1", "fc"])
    var expected: [String] = []
    for layer in [1, 0] {
      expected.append("layer \(layer) slots 4")
      var batches = sampler.batches(layer: layer, cycle: 0)
      for neuron in 0..<order.unitCount(layer: layer) {
        let unit = order.unit(at: SearchCursor(cycle: 0, layer: layer, neuron: neuron))
        expected.append("neuron \(unit.output)")
        for (place, address) in unit.addresses.enumerated() {
          let batch = batches.minibatch(ordinal: unit.firstOrdinal + place)
          expected.append("losses \(address) \(batch)")
          expected.append("commit \(address)")
        }
      }
    }
    let found = evaluator.calls.map { call in
      switch call {
      case .layer(let layer, let slots): "layer \(layer) slots \(slots)"
      case .neuron(let output): "neuron \(output)"
      case .losses(let address, _, let batch): "losses \(address) \(batch)"
      case .commit(let perturbation): "commit \(perturbation.address)"
      case .networks, .replace: "another call"
      }
    }
    #expect(found == expected)
  }

  @Test("a step takes the decayed value, proposes around it, and takes the winner")
  func oneStep() throws {
    let plan = SmallNetwork.plan { $0.weightDecay = 0.5 }
    let state = try SearchState.initial(plan: plan)
    let evaluator = try QuadraticEvaluator(parameters: state.parameters)
    let wins = [[1, 0.5, 2], [1, 2, 0.5], [1, 1, 1]]
    evaluator.losses = { wins[$0] }
    var search = try Search(plan: plan, state: state) { _ in evaluator }
    #expect(try search.step() == .neuronFinished)

    let unit = search.order.unit(at: state.cursor)
    let offsets = unit.addresses.map(search.order.layout.offset)
    let deltas = offsets.indices.map {
      PerturbationSampler(seed: plan.seed).delta(
        deviation: search.schedule.deviation(
          layer: 1, kind: unit.addresses[$0].kind, cycle: 0),
        ordinal: $0, layer: 1, cycle: 0)
    }
    let old = offsets.map { state.parameters[$0] * 0.5 }
    #expect(
      offsets.map { search.state.parameters[$0] }
        == [old[0] + deltas[0], old[1] - deltas[1], old[2]])
    #expect(search.state.tallies[1] == tally(kept: 1, plus: 1, minus: 1))
    #expect(search.state.lossSum == 2 && search.state.evaluations == 9)
  }

  private func tally(kept: Int, plus: Int, minus: Int) -> StepTally {
    var tally = StepTally()
    (tally.kept, tally.plus, tally.minus) = (kept, plus, minus)
    return tally
  }

  @Test("a neuron given up half-way leaves the state at its boundary", arguments: [0, 1, 2, 5])
  func abandoning(afterSteps count: Int) throws {
    let plan = SmallNetwork.plan()
    var search = try Search(
      plan: plan, state: .initial(plan: plan), makeEvaluator: SmallNetwork.reference)
    // The first neuron of the convolution: nine weights and a bias.
    for _ in 0..<3 { _ = try search.step() }
    let before = search.state
    var done = 0
    let outcome = try search.step(shouldStop: { done == count }, observe: { _ in done += 1 })
    #expect(outcome == .abandoned && done == count)
    #expect(search.state == before)
  }

  @Test("losses that are all not finite end the search with the place named")
  func notFinite() throws {
    let plan = SmallNetwork.plan()
    let state = try SearchState.initial(plan: plan)
    let evaluator = try QuadraticEvaluator(parameters: state.parameters)
    evaluator.losses = { step in
      step == 10 ? [.nan, .infinity, .nan] : nil
    }
    var search = try Search(plan: plan, state: state) { _ in evaluator }
    for _ in 0..<3 { _ = try search.step() }
    let before = search.state
    var caught: SearchError?
    do { _ = try search.step() } catch let error as SearchError { caught = error }
    #expect(caught == .lossNotFinite(layer: "conv1", cycle: 1))
    #expect(
      "\(caught!)" == "no candidate has a finite loss in layer 'conv1' of cycle 1: "
        + "start from smaller weights, or use a smaller --deviation-scale")
    #expect(search.state == before)
  }

  @Test("a search does not begin from a state of another network or an unusable plan")
  func refused() throws {
    let plan = SmallNetwork.plan()
    var state = try SearchState.initial(plan: plan)
    #expect(throws: SearchError.self) {
      _ = try Search(
        plan: SmallNetwork.plan { $0.batchSize = 0 }, state: state,
        makeEvaluator: SmallNetwork.reference)
    }
    state.parameters.removeLast()
    #expect(throws: SearchError.self) {
      _ = try Search(plan: plan, state: state, makeEvaluator: SmallNetwork.reference)
    }
  }

  @Test("an extended run repeats its finished cycles' future: keep changes nothing already planned")
  func extending() throws {
    let short = SmallNetwork.plan()
    let end = try run(short, with: SmallNetwork.reference).states.last!
    let longer = try short.extended(to: 3, finished: 2, .keep)
    let extended = try run(longer, from: end, with: SmallNetwork.reference)
    let planned = try run(longer, with: SmallNetwork.reference)
    #expect(extended.states.last == planned.states.last)
    #expect(extended.summaries == [planned.summaries[2]])
    #expect(planned.summaries[2].deviations == planned.summaries[1].deviations)
  }
}
