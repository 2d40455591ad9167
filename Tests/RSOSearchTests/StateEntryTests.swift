import RSONetworks
import RSOSearch
import Testing

@Suite("The list of state entries")
struct StateEntryTests {
  /// Plans whose states differ in the entries that they have.
  static let plans: [(name: String, change: @Sendable (inout SearchOptions) -> Void)] = [
    ("default", { _ in }), ("adapting", { $0.adapt = .success }),
    ("parallel", { $0.parallel = .neuron }), ("ternary", { $0.weights = .ternary }),
  ]

  /// A state inside a layer, and one after some cycles.
  private func states(_ plan: SearchPlan) throws -> [SearchState] {
    var states = [try SearchState.initial(plan: plan)]
    var search = try Search(
      plan: plan, state: states[0], makeEvaluator: SmallNetwork.reference)
    while !search.isFinished {
      _ = try search.step()
      states.append(search.state)
    }
    return states
  }

  @Test("a state is what its entries say, and fits its plan, on every boundary", arguments: 0..<4)
  func roundTrip(index: Int) throws {
    let plan = SmallNetwork.plan {
      $0.cycles = 2
      Self.plans[index].change(&$0)
    }
    let order = try SearchOrder(plan)
    let states = try states(plan)
    #expect(states.count > 6)
    for state in states {
      try state.validate(plan, order: order)
      var rebuilt = SearchState(
        parameters: state.parameters, cursor: SearchCursor(cycle: 0, layer: 0, neuron: 0),
        initialDeviations: [], tallies: [])
      let scope = StateScope(plan, order: order, cursor: state.cursor)
      let objects = state.objects(scope) { !$0.isHistory }
      for object in objects { #expect(object.values.count == object.shape.reduce(1, *)) }
      var growing = StateScope(plan, order: order, cursor: rebuilt.cursor)
      for entry in StateEntry.all where !entry.isHistory {
        let values = objects.first { $0.layer == nil && $0.name == entry.name }?.values
        try entry.set(values, in: &rebuilt, &growing)
        #expect(entry.isPresent(growing) == (values != nil), "\(entry.name)")
      }
      #expect(rebuilt == state)
    }
  }

  @Test("the parameters come first, as the layers have them")
  func parameters() throws {
    let plan = SmallNetwork.plan()
    let order = try SearchOrder(plan)
    let state = try SearchState.initial(plan: plan)
    let objects = state.objects(StateScope(plan, order: order, cursor: state.cursor))
      .filter { $0.layer != nil }
    #expect(objects.flatMap(\.values.doubles) == state.parameters.map(Double.init))
    #expect(
      objects.map(\.path)
        == order.layout.layers.flatMap { layer in
          layer.tensors.map { "parameters/\(layer.name)/\($0.kind.rawValue)" }
        })
  }

  @Test("the identity of a state are these entries, in this order")
  func identity() {
    #expect(
      StateEntry.all.filter(\.isIdentity).map(\.name)
        == ["cursor", "initial_deviation", "deviation_factor", "layer_parameters"])
    #expect(Set(StateEntry.all.map(\.name)).count == StateEntry.all.count)
  }

  @Test("an entry that a state must not have, or lacks, is named")
  func presence() throws {
    let plan = SmallNetwork.plan { $0.adapt = .success }
    let order = try SearchOrder(plan)
    var state = try SearchState.initial(plan: plan)
    state.deviationFactors = nil
    #expect(
      throws: SearchError.invalidState(object: "/search/deviation_factor", problem: "missing")
    ) { try state.validate(plan, order: order) }
    state.deviationFactors = [1, 1]
    state.layerParameters = [1]
    #expect(
      throws: SearchError.invalidState(
        object: "/search/layer_parameters", problem: "present, but no layer is searched in parallel"
      )
    ) { try state.validate(plan, order: order) }
  }

  @Test("values are identical if their type and bits are")
  func bits() {
    #expect(StateValues.float64([.nan, 0]).isIdentical(to: .float64([.nan, 0])))
    #expect(!StateValues.float64([0]).isIdentical(to: .float64([-0.0])))
    #expect(!StateValues.float64([0]).isIdentical(to: .int64([0])))
    #expect(StateValues.int64([1, -2]).bytes == [1] + .zeros(7) + [0xFE] + .full(7))
    #expect(StateValues.float32([1]).bytes == [0, 0, 0x80, 0x3F])
  }
}

extension [UInt8] {
  fileprivate static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
  fileprivate static func full(_ count: Int) -> [UInt8] { Array(repeating: 0xFF, count: count) }
}
