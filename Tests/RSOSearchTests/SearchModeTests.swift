import Foundation
import RSONetworks
import RSOSearch
import Synchronization
import Testing

/// What the options of a search do to its steps, and that each of them is resumable.
@Suite("Search modes")
struct SearchModeTests {
  static let plans: [(name: String, plan: SearchPlan)] = [
    ("uniform", SmallNetwork.plan { $0.proposal = .uniform }),
    ("template", SmallNetwork.plan { $0.proposal = .template }),
    ("layer", SmallNetwork.plan { $0.granularity = .layer }),
    ("network", SmallNetwork.plan { $0.granularity = .network }),
    ("input order", SmallNetwork.plan { $0.order = .input }),
    ("forward", SmallNetwork.plan { $0.layers = .forward }),
    ("layer-parallel", SmallNetwork.plan { $0.parallel = .layer }),
    ("neuron-parallel", SmallNetwork.plan { $0.parallel = .neuron }),
    (
      "neuron-parallel by inputs",
      SmallNetwork.plan {
        $0.parallel = .neuron
        $0.order = .input
        $0.hold = 2
      }
    ),
    ("first", SmallNetwork.plan { $0.selection = .first }),
    ("vertex", SmallNetwork.plan { $0.selection = .vertex }),
    (
      "joint vertex",
      SmallNetwork.plan {
        $0.selection = .vertex
        $0.granularity = .layer
      }
    ),
    ("hold 3", SmallNetwork.plan { $0.hold = 3 }),
    (
      "hold 4, random, first",
      SmallNetwork.plan {
        $0.hold = 4
        $0.batching = .random
        $0.selection = .first
      }
    ),
    ("shifted images", SmallNetwork.plan { $0.augment = Augmentation(shift: 1) }),
    (
      "mirrored images, neuron-parallel",
      SmallNetwork.plan {
        $0.augment = Augmentation(flip: true)
        $0.parallel = .neuron
      }
    ),
    (
      "shifted and mirrored images, jointly",
      SmallNetwork.plan {
        $0.augment = Augmentation(shift: 2, flip: true)
        $0.granularity = .network
      }
    ),
    ("no annealing", SmallNetwork.plan { $0.anneal = .none }),
    ("schedule", SmallNetwork.plan { $0.batchSize = BatchSchedule("4:1,13")! }),
  ]

  static func incremental(_ parameters: [Float]) throws -> any Evaluator {
    try IncrementalEvaluator(
      architecture: SmallNetwork.architecture,
      samples: Samples(SmallNetwork.images(), normalization: SmallNetwork.normalization),
      parameters: parameters, threads: 1)
  }

  private func run(
    _ plan: SearchPlan, from state: SearchState? = nil, workers: Int = 1,
    with make: ([Float]) throws -> any Evaluator = incremental,
    observe: (SearchStep) -> Void = { _ in }
  ) throws -> (states: [SearchState], summaries: [CycleSummary]) {
    var search = try Search(
      plan: plan, state: try state ?? .initial(plan: plan), workers: workers, makeEvaluator: make)
    var states = [search.state]
    var summaries: [CycleSummary] = []
    while !search.isFinished {
      if case .cycleFinished(let summary) = try search.step(observe: observe) {
        summaries.append(summary)
      }
      states.append(search.state)
      #expect(
        search.evaluator.parameters
          == search.state.parametersAtLayerBeginning(search.order.layout))
    }
    return (states, summaries)
  }

  @Test("resuming at any boundary reproduces the run, in every mode", arguments: plans.indices)
  func resuming(row: Int) throws {
    let plan = Self.plans[row].plan
    let whole = try run(plan)
    #expect(whole.summaries.count == 2)
    for (place, state) in whole.states.enumerated() {
      let resumed = try run(plan, from: state)
      #expect(resumed.states == Array(whole.states[place...]), "\(Self.plans[row].name) \(place)")
    }
  }

  @Test("every mode makes a run of its own")
  func different() throws {
    var found: [[Float]: String] = [:]
    // The rules best and first agree unless both directions improve.
    let plans = Self.plans.filter { $0.name != "first" } + [("usual", SmallNetwork.plan())]
    for (name, short) in plans {
      // Long enough for rules to differ that mostly agree.
      let plan = SmallNetwork.plan {
        $0 = short.options
        $0.cycles = 8
      }
      let other = found.updateValue(name, forKey: try run(plan).states.last!.parameters)
      #expect(other == nil, "\(name)")
    }
  }

  @Test(
    "in parallel modes any number of evaluators at work gives the same bits",
    arguments: Self.plans.filter { $0.plan.options.parallel != .none }.map(\.name), [2, 3, 7])
  func workers(name: String, workers: Int) throws {
    let plan = Self.plans.first { $0.name == name }!.plan
    let one = try run(plan)
    var steps: [SearchStep] = []
    let several = try run(plan, workers: workers, observe: { steps.append($0) })
    #expect(several.states.last == one.states.last)
    #expect(several.summaries == one.summaries)
    let layout = try SmallNetwork.layout()
    #expect(steps.count == 2 * layout.parameterCount)
    let taken = try run(plan, from: several.states[1], workers: 1)
    #expect(taken.states.last == one.states.last)
  }

  @Test("layer-parallel steps all see the layer as it was begun")
  func layerParallel() throws {
    let plan = SmallNetwork.plan {
      $0.parallel = .layer
      $0.cycles = 1
      $0.weightDecay = 0
    }
    let state = try SearchState.initial(plan: plan)
    let found = try run(plan).states
    // The last layer's steps, each by a fresh evaluator with the beginning's parameters.
    let order = try SearchOrder(plan)
    var batches = BatchSampler(
      options: plan.options, seed: plan.seed, samples: 26,
      layers: ["conv1", "fc"]
    )
    .batches(layer: 1, cycle: 0)
    let sampler = PerturbationSampler(seed: plan.seed)
    let schedule = DeviationSchedule(
      initialDeviations: state.initialDeviations, options: plan.options)
    for neuron in 0..<3 {
      let unit = order.unit(at: SearchCursor(cycle: 0, layer: 1, neuron: neuron))
      for (place, address) in unit.addresses.enumerated() {
        let ordinal = unit.firstOrdinal + place
        let proposal = Proposal(
          address: address, value: state.parameters[order.layout.offset(of: address)],
          delta: sampler.delta(
            deviation: schedule.deviation(layer: 1, kind: address.kind, cycle: 0),
            ordinal: ordinal, layer: 1, cycle: 0), weightDecay: 0)
        let evaluator = try Self.incremental(state.parameters)
        evaluator.beginLayer(1, slots: batches.slots)
        evaluator.beginNeuron(output: address.output)
        let losses = evaluator.losses(
          of: proposal.candidates, on: batches.minibatch(ordinal: ordinal))
        let all = [losses.current, losses.plus, losses.minus]
        let selection = try #require(
          SelectionRule.best.select { $0.map { all[$0.rawValue] } })
        #expect(
          found[3].parameters[order.layout.offset(of: address)]
            == proposal.perturbation(selection).value)
      }
    }
    #expect(found[1].layerParameters == Array(state.parameters[order.layout.layers[1].range]))
    #expect(found[3].layerParameters == nil)
  }

  @Test("a neuron searched in parallel sees its own changes, and no other's")
  func neuronParallel() throws {
    let parallel = SmallNetwork.plan {
      $0.parallel = .neuron
      $0.cycles = 1
    }
    let sequential = SmallNetwork.plan { $0.cycles = 1 }
    let order = try SearchOrder(parallel)
    let together = try run(parallel).states
    for neuron in 0..<3 {
      // Alone, from the layer's beginning.
      var state = try SearchState.initial(plan: sequential)
      state.cursor.neuron = neuron
      var search = try Search(plan: sequential, state: state, makeEvaluator: Self.incremental)
      _ = try search.step()
      for address in order.unit(at: state.cursor).addresses {
        let offset = order.layout.offset(of: address)
        #expect(together[3].parameters[offset] == search.state.parameters[offset])
      }
    }
  }

  @Test("a held minibatch costs three losses for its first weight and two for the others")
  func holding() throws {
    let plan = SmallNetwork.plan {
      $0.hold = 4
      $0.cycles = 1
    }
    let evaluator = try QuadraticEvaluator(parameters: SearchState.initial(plan: plan).parameters)
    let result = try run(plan, with: { _ in evaluator })
    let losses = evaluator.calls.compactMap { call -> (WeightAddress, Int, Minibatch)? in
      if case .losses(let address, let values, let batch) = call {
        (address, values.count, batch)
      } else {
        nil
      }
    }
    var (asked, batch, place) = (0, -1, 0)
    let order = try SearchOrder(plan)
    var cursor = order.first(cycle: 0)
    while cursor.cycle == 0 {
      let unit = order.unit(at: cursor)
      for step in unit.addresses.indices {
        if step % 4 == 0 { batch += 1 }
        #expect(losses[place].1 == (step % 4 == 0 ? 3 : 2))
        #expect(losses[place].2.slot == (unit.firstBatch + step / 4) % 4)
        asked += losses[place].1
        place += 1
      }
      cursor = order.next(after: cursor)
    }
    #expect(place == losses.count && result.summaries[0].evaluations == asked)
  }

  @Test("a step that proposes nothing evaluates nothing, and has no part in the training loss")
  func nothingProposed() throws {
    let plan = SmallNetwork.plan {
      $0.proposal = .template
      $0.cycles = 1
    }
    var steps: [SearchStep] = []
    let summary = try run(plan, observe: { steps.append($0) }).summaries[0]
    let compared = steps.compactMap(\.loss)
    #expect(compared.count < steps.count && !compared.isEmpty)
    #expect(summary.evaluations == 3 * compared.count)
    #expect(summary.trainingLoss == compared.reduce(0, +) / Double(compared.count))
    #expect(steps.allSatisfy { $0.loss != nil || $0.choice == .kept })
  }

  @Test("joint steps are as many as single ones, and change all of a layer or of the network")
  func joint() throws {
    let layout = try SmallNetwork.layout()
    for granularity in [Granularity.layer, .network] {
      let plan = SmallNetwork.plan {
        $0.granularity = granularity
        $0.weightDecay = 0
        $0.cycles = 1
      }
      var steps: [SearchStep] = []
      let found = try run(plan, observe: { steps.append($0) })
      #expect(steps.count == layout.parameterCount)
      #expect(found.summaries[0].evaluations == 3 * steps.count)
      let changed = zip(found.states[0].parameters, found.states[1].parameters).map { $0 != $1 }
      let own = changed[layout.layers[1].range].contains(true)
      let others = changed[layout.layers[0].range].contains(true)
      #expect(steps[..<3].contains { $0.choice != .kept })
      #expect(own && others == (granularity == .network))
    }
  }

  @Test("a search in parallel that is given up half-way leaves the state at its boundary")
  func abandoning() throws {
    let plan = SmallNetwork.plan { $0.parallel = .neuron }
    let isAsked = Atomic<Bool>(false)
    let comparisons = Atomic<Int>(0)
    var search = try Search(
      plan: plan, state: .initial(plan: plan), workers: 2
    ) { parameters in
      let evaluator = try QuadraticEvaluator(parameters: parameters)
      // Each neuron's first comparison lasts until the search has been told to stop.
      evaluator.losses = { _ in
        comparisons.add(1, ordering: .relaxed)
        while !isAsked.load(ordering: .acquiring) { usleep(1000) }
        usleep(50_000)
        return nil
      }
      return evaluator
    }
    let before = search.state
    var looks = 0
    let outcome = try search.step(shouldStop: {
      looks += 1
      if looks > 1 { isAsked.store(true, ordering: .releasing) }
      return looks > 1
    })
    #expect(outcome == .abandoned)
    #expect(search.state == before)
    #expect(comparisons.load(ordering: .relaxed) == 2)
  }

  @Test("a search in parallel without a finite loss ends with the place named")
  func notFinite() throws {
    let plan = SmallNetwork.plan { $0.parallel = .layer }
    let state = try SearchState.initial(plan: plan)
    var search = try Search(plan: plan, state: state, workers: 3) { parameters in
      let evaluator = try QuadraticEvaluator(parameters: parameters)
      evaluator.losses = { _ in [.nan, .infinity, .nan] }
      return evaluator
    }
    var caught: SearchError?
    do { _ = try search.step() } catch let error as SearchError { caught = error }
    #expect(caught == .lossNotFinite(layer: "fc", cycle: 1))
    #expect(search.state == state)
  }
}
