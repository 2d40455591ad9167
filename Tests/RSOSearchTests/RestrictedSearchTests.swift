import RSONetworks
import RSOSearch
import Testing

@Suite("A search of restricted weights")
struct RestrictedSearchTests {
  /// The losses that a cycle asked for, with the evaluator's last parameters.
  private func cycle(
    _ plan: SearchPlan
  ) throws -> (state: SearchState, summary: CycleSummary, asked: [(WeightAddress, [Float])]) {
    let state = try SearchState.initial(plan: plan)
    let evaluator = try QuadraticEvaluator(parameters: state.parameters)
    var search = try Search(plan: plan, state: state) { _ in evaluator }
    var outcome = try search.step()
    while outcome == .neuronFinished { outcome = try search.step() }
    guard case .cycleFinished(let summary) = outcome else {
      throw SearchError.unknownOption("abandoned")
    }
    let asked = evaluator.calls.compactMap { call -> (WeightAddress, [Float])? in
      if case .losses(let address, let values, _) = call { (address, values) } else { nil }
    }
    return (search.state, summary, asked)
  }

  @Test(
    "weights stay in their set, do not decay, and cost as many losses as they have values to take",
    arguments: [(WeightSet.binary, 2...2), (.ternary, 3...3), (.int8, 2...3)])
  func stays(set: WeightSet, losses: ClosedRange<Int>) throws {
    let plan = SmallNetwork.plan {
      $0.weights = set
      $0.weightDecay = 0.5
    }
    let first = try SearchState.initial(plan: plan)
    let (state, summary, asked) = try cycle(plan)
    let grids = set.grids(deviations: state.initialDeviations)
    let layout = try SmallNetwork.layout()
    for (layer, grid) in zip(layout.layers, grids) {
      for offset in try #require(layer.tensor(.weight)).range {
        let grid = try #require(grid)[0]
        #expect(grid.contains(first.parameters[offset]) && grid.contains(state.parameters[offset]))
      }
    }
    for (address, values) in asked {
      if address.kind == .weight {
        #expect(losses.contains(values.count) && Set(values).count == values.count)
        #expect(values.allSatisfy(try #require(grids[address.layer])[address.output].contains))
      } else {
        #expect(values.count == 3)
      }
    }
    #expect(summary.evaluations == asked.reduce(0) { $0 + $1.1.count })
    #expect(summary.tallies.reduce(0) { $0 + $1.steps } == layout.parameterCount)
    #expect(summary.tallies.contains { $0.plus + $0.minus > 0 })
  }

  @Test("given weights are brought into the set, with the deviation that they had")
  func given() throws {
    let layout = try SmallNetwork.layout()
    let drawn = Initializer.parameters(layout: layout, seed: 3)
    let plain = SmallNetwork.plan { $0.weights = .binary }
    let plan = SearchPlan(
      architecture: plain.architecture, options: plain.options, seed: 7, data: plain.data,
      normalization: plain.normalization,
      initialParameters: InitialParameters(source: "x", sha256: "y"))
    let state = try SearchState.initial(plan: plan, parameters: drawn)
    #expect(
      state.initialDeviations
        == Initializer.initialDeviations(layout: layout, parameters: drawn))
    let weight = try #require(layout.layers[0].tensor(.weight))
    let scale = try #require(WeightSet.binary.grid(deviation: state.initialDeviations[0])).scale
    for offset in weight.range {
      #expect(state.parameters[offset] == (drawn[offset] < 0 ? -scale : scale))
    }
  }

  @Test(
    "given weights that are in a set already keep their values and their scale",
    arguments: [WeightSet.binary, .ternary, .int8])
  func kept(set: WeightSet) throws {
    let layout = try SmallNetwork.layout()
    let plain = SmallNetwork.plan { $0.weights = set }
    let plan = SearchPlan(
      architecture: plain.architecture, options: plain.options, seed: 7, data: plain.data,
      normalization: plain.normalization,
      initialParameters: InitialParameters(source: "x", sha256: "y"))
    let first = try SearchState.initial(plan: plain)
    let weight = try #require(layout.layers[0].tensor(.weight))
    let scale = try #require(set.grid(deviation: first.initialDeviations[0])).scale
    // Weights as a search leaves them: their deviation is another than the scale.
    var moved = first.parameters
    for (place, offset) in weight.range.enumerated() where place % 3 != 0 { moved[offset] = scale }
    let state = try SearchState.initial(plan: plan, parameters: moved)
    #expect(state.parameters == moved)
    let grid = try #require(set.grid(deviation: state.initialDeviations[0]))
    #expect(grid.scale == scale)
    // All equal, in which case they have no deviation.
    for offset in weight.range { moved[offset] = scale }
    #expect(try SearchState.initial(plan: plan, parameters: moved).parameters == moved)
  }

  @Test("a search does not begin from weights outside the set")
  func outside() throws {
    let plan = SmallNetwork.plan { $0.weights = .ternary }
    var state = try SearchState.initial(plan: plan)
    state.parameters[0] += 0.001
    #expect {
      _ = try Search(plan: plan, state: state, makeEvaluator: SmallNetwork.reference)
    } throws: {
      "\($0)" == """
        the state of the search does not fit its plan: /parameters/conv1/weight: a number outside the \
        set 'ternary'
        """
    }
  }

  @Test(
    "the plan's loss is what every evaluator compares by", arguments: Loss.all(for: .classification)
  )
  func loss(loss: Loss) throws {
    let plan = SmallNetwork.plan {
      SmallNetwork.setLoss(loss, in: &$0)
      $0.parallel = .neuron
    }
    var made: [any Evaluator] = []
    _ = try Search(plan: plan, state: .initial(plan: plan), workers: 2) { parameters in
      made.append(try SmallNetwork.reference(parameters))
      return made[made.count - 1]
    }
    #expect(made.count == 2 && made.allSatisfy { $0.loss == loss })
  }
}
