import Foundation
import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("Units of the numbers to predict")
struct TargetScalesTests {
  // MARK: The option

  @Test("deviations are those of the training set; given numbers stay")
  func measured() throws {
    // 1, 3, 5 with variance 8/3; 7, 7, 7 is constant.
    let targets = Targets.numbers([1, 7, 3, 7, 5, 7], count: 2)
    var scales = TargetScales.deviations
    scales.measure(targets)
    #expect(scales.scales == [(8.0 / 3).squareRoot(), 1] && scales.description == "deviations")
    let again = try JSONDecoder().decode(TargetScales.self, from: JSONEncoder().encode(scales))
    #expect(again == scales)
    var given = try #require(TargetScales("1,2.5"))
    given.measure(targets)
    #expect(given.scales == [1, 2.5] && given.description == "1.0,2.5")
    #expect(TargetScales("1,,2") == nil && TargetScales("units") == nil)
    var tiny = TargetScales.deviations
    tiny.measure(.numbers([0, 1e-38], count: 1))
    #expect(tiny.scales == [1e-30])
  }

  @Test("numbers to predict have deviations unless other units are given; other targets have none")
  func defaults() {
    func scales(_ targets: Targets, _ texts: [String: String] = [:]) -> TargetScales {
      var options = SearchOptions()
      options.loss = .standard(for: targets.task)
      options.fit(targets, classes: 2, given: texts)
      return options.targetScales
    }
    #expect(scales(.numbers([1, 3], count: 1)).scales == [1])
    #expect(scales(.numbers([1, 3], count: 1), ["target-scales": "none"]).isNone)
    #expect(scales(.classes([0, 1])).isNone && scales(.labels([0, 1], count: 2)).isNone)
  }

  static let refusals: [(LearningTask, String, Loss, String)] = [
    (.regression, "1,2", .squared, "expected 3 numbers, one for each number to predict"),
    (.regression, "1,2,0", .squared, "expected numbers from 1e-30 to 1e30"),
    (.regression, "1,2,inf", .squared, "expected numbers from 1e-30 to 1e30"),
    (.classification, "1,2,3", .squared, "expected none, for data without numbers to predict"),
    (.classification, "1,2,3", .hinge, "expected none, for data without numbers to predict"),
  ]

  @Test("there is one positive unit for each number to predict", arguments: refusals)
  func refused(task: LearningTask, text: String, loss: Loss, problem: String) throws {
    var plan = try plan(try #require(TargetScales(text)), outputs: 3)
    plan.data.task = task
    plan.options.loss = loss
    let error = try #require(throws: SearchError.self) { try plan.validate() }
    #expect("\(error)".contains(problem), "\(error)")
  }

  @Test(
    "restricted weights that were trained in these units keep their values",
    arguments: [WeightSet.binary, .ternary, .int8])
  func kept(set: WeightSet) throws {
    var plan = try plan(try #require(TargetScales("0.37,1234.5,8e-7"))) { $0.weights = set }
    plan.architecture = try self.plan(.init(), outputs: 3).architecture
    plan.data.outputs = 3
    for seed: UInt64 in 0..<50 {
      plan.seed = seed
      plan.initialParameters = nil
      let state = try SearchState.initial(plan: plan)
      plan.initialParameters = InitialParameters(state.parameters, from: "x")
      let again = try SearchState.initial(plan: plan, parameters: state.parameters)
      #expect(again.parameters == state.parameters, "seed \(seed)")
    }
  }

  // MARK: The search

  /// 40 samples of three features.
  private static let inputs: [Float] = (0..<120).map { Float(($0 * 37) % 23) / 11 - 1 }

  /// Two numbers that depend on the features, times the powers of two.
  private static func targets(_ factors: [Float]) -> Targets {
    .numbers(
      (0..<40).flatMap { sample in
        let (a, b, c) = (inputs[3 * sample], inputs[3 * sample + 1], inputs[3 * sample + 2])
        return [factors[0] * (a * b + 0.25), factors[1] * (abs(c) - a)]
      }, count: 2)
  }

  private func plan(
    _ scales: TargetScales, outputs: Int = 2, _ change: (inout SearchOptions) -> Void = { _ in }
  ) throws -> SearchPlan {
    var options = SearchOptions()
    options.cycles = 3
    options.batchSize = BatchSchedule(40)
    options.loss = .squared
    options.targetScales = scales
    change(&options)
    var data = DataIdentity(
      name: "numbers", shape: ImageShape(channels: 3, height: 1, width: 1), outputs: outputs,
      trainingCount: 40, testCount: 0, trainingSHA256: String(repeating: "0", count: 64),
      testSHA256: String(repeating: "0", count: 64))
    data.task = .regression
    return SearchPlan(
      architecture: Architecture(
        name: "numbers", input: data.shape, classes: outputs,
        layers: [
          .linear(name: "hidden", outputs: 5, bias: true), .relu,
          .linear(name: "last", outputs: outputs, bias: true),
        ]), options: options, seed: 3, data: data,
      normalization: Normalization(mean: [0, 0, 0], standardDeviation: [1, 1, 1]))
  }

  /// The losses of the cycles, and the parameters at the end, of a search for the targets times the factors.
  private func searched(
    _ factors: [Float], _ change: (inout SearchOptions) -> Void
  ) throws -> (losses: [Double], parameters: [Float]) {
    let targets = Self.targets(factors)
    var plan = try plan(.deviations, change)
    plan.options.targetScales.measure(targets)
    let layout = try plan.architecture.layout()
    let start = try #require(TargetUnits.parameters(for: targets, layout: layout, seed: plan.seed))
    plan.initialParameters = InitialParameters(start, from: TargetUnits.source)
    let samples = Samples(
      shape: plan.data.shape, outputs: 2, inputs: .floats(Self.inputs), targets: targets)
    let backend = try Backends.standard.backend(for: .f32)
    var search = try Search(plan: plan, state: .initial(plan: plan, parameters: start)) {
      try backend.makeEvaluator(
        EvaluatorRequest(
          architecture: plan.architecture, samples: samples, parameters: $0, path: .f32))
    }
    var losses: [Double] = []
    while losses.count < plan.options.cycles {
      if case .cycleFinished(let summary) = try search.step() {
        losses.append(summary.trainingLoss)
      }
    }
    return (losses, search.evaluator.parameters)
  }

  static let searches: [(Loss, WeightSet, Granularity, Int)] =
    Loss.all(for: .regression).map { ($0, .real, .weight, 1) }
    + [
      (.squared, .real, .weight, 4), (.absolute, .real, .layer, 1), (.squared, .real, .network, 1),
      (.squared, .binary, .weight, 1), (.squared, .ternary, .weight, 4),
      (.absolute, .int8, .weight, 1),
    ]

  @Test(
    "numbers in other units are learned alike: the same losses, and the same network in these units",
    arguments: searches)
  func units(loss: Loss, weights: WeightSet, granularity: Granularity, hold: Int) throws {
    func change(_ options: inout SearchOptions) {
      options.loss = loss
      options.weights = weights
      options.granularity = granularity
      options.hold = hold
    }
    let factors: [Float] = [1024, 0.125]
    let (plain, other) = (try searched([1, 1], change), try searched(factors, change))
    #expect(plain.losses == other.losses)
    #expect(plain.losses[2] < 0.95 * plain.losses[0], "\(plain.losses)")
    let last = try plan(.deviations).architecture.layout().layers[1]
    var expected = plain.parameters
    for tensor in last.tensors {
      for (index, offset) in tensor.range.enumerated() {
        expected[offset] *= factors[index / (tensor.count / 2)]
      }
    }
    #expect(other.parameters == expected)
  }
}
