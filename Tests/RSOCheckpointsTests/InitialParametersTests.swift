import RSOCheckpoints
import RSONetworks
import RSOSearch
import Testing

@Suite("Runs that begin with given parameters")
struct InitialParametersTests {
  private let drawn = Sample.plan()
  private let parameters: [Float]

  init() throws {
    let layout = try StageGraph(Sample.architecture).layout
    parameters = (0..<layout.parameterCount).map { Float($0) / 8 }
  }

  private func plan(_ parameters: [Float]) -> SearchPlan {
    SearchPlan(
      architecture: drawn.architecture, options: drawn.options, seed: drawn.seed, data: drawn.data,
      normalization: drawn.normalization,
      initialParameters: InitialParameters(parameters, from: "some/where/net.npz"))
  }

  private func checkpoint(_ plan: SearchPlan, _ state: SearchState) throws -> Checkpoint {
    var checkpoint = try Sample.checkpoint(cycles: 0)
    (checkpoint.plan, checkpoint.state) = (plan, state)
    return checkpoint
  }

  @Test("the plan names them by file and SHA-256")
  func identity() {
    // The SHA-256 of four float32, 0, 1/8, 2/8 and 3/8, by Python's hashlib.
    let identity = InitialParameters([0, 0.125, 0.25, 0.375], from: "/a/b/net.npz")
    #expect(identity.source == "net.npz")
    #expect(identity.sha256 == "6cdd35822bf9b2950cdb4dd2519a8c465bad7fdae0dc3259b4adc8e198d5ef0e")
  }

  @Test("a search begins with them, and takes its deviations from them")
  func state() throws {
    let state = try SearchState.initial(plan: plan(parameters), parameters: parameters)
    #expect(state.parameters == parameters)
    #expect(
      state.initialDeviations
        == Initializer.initialDeviations(
          layout: try StageGraph(Sample.architecture).layout, parameters: parameters))
    #expect(state.initialDeviations != (try SearchState.initial(plan: drawn)).initialDeviations)
  }

  @Test("they are needed by a plan that names them, and by no other")
  func missing() throws {
    #expect(throws: SearchError.self) { try SearchState.initial(plan: plan(parameters)) }
    #expect(throws: SearchError.self) {
      try SearchState.initial(plan: drawn, parameters: parameters)
    }
    #expect(throws: SearchError.self) {
      try SearchState.initial(plan: plan(parameters), parameters: [1, 2, 3])
    }
  }

  @Test("the checkpoint remembers them; one of drawn parameters says nothing of them")
  func roundTrip() throws {
    let plan = plan(parameters)
    let first = try checkpoint(plan, .initial(plan: plan, parameters: parameters))
    let bytes = try CheckpointWriter.encode(first)
    #expect(try CheckpointReader.loadInThisProcess(bytes, path: "x").checkpoint == first)
    #expect(
      plan.initialParameters == (try plan.extended(to: 9, finished: 0, .keep)).initialParameters)
    let without = try CheckpointWriter.encode(Sample.checkpoint(cycles: 0))
    #expect(!String(decoding: without, as: UTF8.self).contains("initialParameters"))
  }

  @Test("equal parameters, given or drawn, are different runs")
  func digest() throws {
    let state = try SearchState.initial(plan: drawn)
    let given = plan(state.parameters)
    #expect(
      try StateDigest.sha256(plan: drawn, state: state)
        != StateDigest.sha256(plan: given, state: state))
  }

  @Test("a beginning with other parameters than the plan's is refused")
  func contradiction() throws {
    let plan = plan(parameters)
    var state = try SearchState.initial(plan: plan, parameters: parameters)
    state.parameters[3] += 1
    let error = #expect(throws: CheckpointError.self) {
      try CheckpointWriter.encode(checkpoint(plan, state))
    }
    #expect("\(try #require(error))".contains("not those that the plan begins with"))
  }
}
