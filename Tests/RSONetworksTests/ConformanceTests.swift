import BackendConformance
import RSONetworks
import RSONumerics
import Testing

@Suite("Every backend")
struct ConformanceTests {
  /// Every backend on every path that this machine offers.
  static let backends: [BackendConformance] = Backends.standard.all.flatMap { backend in
    backend.offeredPaths.map { BackendConformance(backend, path: $0) }
  }

  /// Every backend that is tried on a network. The reference is tried on the smallest networks alone: it
  /// takes minutes on the others, for a comparison with itself.
  private func backends(for network: String) -> [BackendConformance] {
    Self.backends.filter { $0.path != .reference || NetworkTable.small.contains(network) }
  }

  private func check(
    _ network: String, _ check: (BackendConformance) throws -> [String]
  ) throws {
    for backend in backends(for: network) {
      let problems = try check(backend)
      #expect(problems.isEmpty, "\(backend.backend.name) on \(backend.path)")
    }
  }

  @Test("gives every step the reference's losses", arguments: BackendConformance.Case.all)
  func steps(row: BackendConformance.Case) throws {
    let backends = backends(for: row.network)
    for (backend, problems) in zip(backends, try BackendConformance.steps(row, on: backends)) {
      #expect(problems.isEmpty, "\(backend.backend.name) on \(backend.path)")
    }
  }

  @Test("takes statistics of the images as they are", arguments: NetworkTable.names)
  func changedImages(network: String) throws {
    try check(network) { try $0.changedImages(network) }
  }

  @Test("gives the same bits on any number of threads", arguments: NetworkTable.names)
  func threads(network: String) throws {
    try check(network) { try $0.threads(network) }
  }

  @Test("begins a neuron with the bits of a fresh evaluator", arguments: NetworkTable.names)
  func neuronBoundaries(network: String) throws {
    try check(network) { try $0.neuronBoundaries(network) }
  }

  @Test("gives a candidate the same loss beside any others", arguments: NetworkTable.names)
  func subsets(network: String) throws {
    try check(network) { try $0.subsets(network) }
  }

  @Test("evaluates whole networks as the reference does", arguments: NetworkTable.names)
  func networks(network: String) throws {
    for task in LearningTask.allCases {
      if task != .classification && !NetworkTable.small.contains(network) { continue }
      try check(network) { try $0.networks(network, task: task) }
    }
  }

  @Test("has the reference's statistics and predictions", arguments: NetworkTable.names)
  func predictions(network: String) throws {
    try check(network) { try $0.predictions(network) }
  }

  @Test(
    "the table has both kinds of minibatches on every network, every mode on the small ones, and every loss of every task on the smallest"
  )
  func table() {
    let rows = BackendConformance.Case.all
    #expect(Set(rows).count == rows.count)
    for name in NetworkTable.names {
      let own = rows.filter { $0.network == name }
      for task in LearningTask.allCases {
        let losses = Set(own.filter { $0.task == task }.map(\.loss))
        let expected: [Loss] =
          NetworkTable.smallest.contains(name)
          ? Loss.all(for: task) : task == .classification ? [.crossEntropy] : []
        #expect(losses == Set(expected))
      }
      #expect(Set(own.map(\.mode)) == Set(BackendConformance.Mode.tried(on: name)))
    }
    #expect(NetworkTable.small.count >= 5)
    #expect(NetworkTable.small.isDisjoint(with: NetworkTable.large))
  }

  @Test("the suite finds a wrong loss, other bits, and a lost network")
  func findsFaults() throws {
    let wrong = BackendConformance(WrongBackend(), path: .f32)
    #expect(
      try !wrong.steps(.init(network: "residual", loss: .crossEntropy, mode: .cyclic)).isEmpty)
    #expect(try !wrong.threads("residual").isEmpty)
    #expect(try !wrong.neuronBoundaries("residual").isEmpty)
    #expect(try !wrong.subsets("residual").isEmpty)
    #expect(try !wrong.networks("residual").isEmpty)
    #expect(try !wrong.predictions("residual").isEmpty)
    #expect(try !wrong.changedImages("residual").isEmpty)
  }
}

/// Evaluators that are wrong by a little, each call by something else.
private struct WrongBackend: Backend {
  let name = "wrong"
  let knownPaths = [NumericPath.f32]
  let offeredPaths = [NumericPath.f32]
  func device(for path: NumericPath) -> String { "wrong" }
  func memory(for workload: Workload) throws -> MemoryEstimate {
    try CPUBackend().memory(for: workload)
  }
  func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator {
    WrongEvaluator(try CPUBackend().makeEvaluator(request), threads: request.threads)
  }
}

private final class WrongEvaluator: Evaluator {
  private let own: any Evaluator
  private var calls: Int

  init(_ own: any Evaluator, threads: Int) {
    self.own = own
    calls = threads
  }

  private func error() -> Double {
    calls += 1
    return 1e-3 * Double(calls % 7)
  }

  var architecture: Architecture { own.architecture }
  var layout: ParameterLayout { own.layout }
  var parameters: [Float] { own.parameters }
  var objective: Objective {
    get { own.objective }
    set { own.objective = newValue }
  }
  func changeImages(_ change: (Samples) -> Samples) {
    own.changeImages(change)
    calls += 1
  }
  func beginLayer(_ layer: Int, slots: Int) { own.beginLayer(layer, slots: slots) }
  func beginNeuron(output: Int) { own.beginNeuron(output: output) }
  func losses(of address: WeightAddress, values: [Float], on minibatch: Minibatch) -> [Double] {
    let error = error()
    return own.losses(of: address, values: values, on: minibatch).map { $0 + error }
  }
  func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    let error = error()
    return own.losses(ofNetworks: candidates, on: minibatch).map { $0 + error }
  }
  func commit(_ perturbation: Perturbation) { own.commit(perturbation) }
  func replaceParameters(with parameters: [Float]) { own.replaceParameters(with: parameters) }
  func trainingSetStatistics() -> NormalizationStatistics {
    var statistics = own.trainingSetStatistics()
    let error = Float(error())
    statistics.mean = statistics.mean.map { $0.map { $0 + error } }
    return statistics
  }
  func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    own.predictions(for: samples, statistics: statistics)
  }
}
