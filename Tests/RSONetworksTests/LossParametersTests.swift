import BackendConformance
import Foundation
import RSONetworks
import RSONumerics
import TestSupport
import Testing

@Suite("losses with parameters, and those of scikit-learn")
struct LossParametersTests {
  private static func parameters(_ change: (inout LossParameters) -> Void) -> LossParameters {
    var parameters = LossParameters()
    change(&parameters)
    return parameters
  }

  /// Logits of three classes whose probabilities are 1/2, 1/4 and 1/4.
  private static let logits = [log(2.0), 0, 0]

  @Test("label smoothing: 5/6 of the target at the class, and 1/12 at each other one")
  func smoothing() {
    let smoothed = Self.parameters { $0.labelSmoothing = 0.25 }
    // 0.75 + 0.25 / 3 = 5/6.
    let wanted = 5.0 / 6 * log(2) + 2.0 / 12 * log(4)
    let loss = Loss.crossEntropy
    #expect(abs(loss(Self.logits, label: 0, parameters: smoothed) - wanted) < 1e-15)
    let other = 1.0 / 12 * log(2) + (5.0 / 6 + 1.0 / 12) * log(4)
    #expect(abs(loss(Self.logits, label: 1, parameters: smoothed) - other) < 1e-15)
  }

  @Test("the focal loss: half of an answer squared, three quarters squared")
  func focal() {
    let loss = Loss.focal
    #expect(abs(loss(Self.logits, label: 0) - 0.25 * log(2)) < 1e-15)
    #expect(abs(loss(Self.logits, label: 1) - 0.5625 * log(4)) < 1e-15)
    let sharp = Self.parameters { $0.focalGamma = 3 }
    #expect(abs(loss(Self.logits, label: 0, parameters: sharp) - 0.125 * log(2)) < 1e-15)
    let none = Self.parameters { $0.focalGamma = 0 }
    #expect(
      loss(Self.logits, label: 1, parameters: none) == Loss.crossEntropy(Self.logits, label: 1))
    #expect(loss([800, 0, 0], label: 0) == 0)
  }

  @Test("the cost of an answer is in the row of the class and the column of the answer")
  func cost() {
    let costs = Self.parameters { $0.costs = [0, 1, 2, 3, 0, 4, 5, 6, 0] }
    let loss = Loss.cost
    let rows: [([Double], label: Int, cost: Double)] = [
      ([3, 1, 2], 0, 0), ([3, 1, 2], 1, 3), ([3, 1, 2], 2, 5), ([0, 1, 1], 0, 1),
      ([0, 1, 1], 2, 6), ([0, 0, 1], 1, 4),
    ]
    for (logits, label, cost) in rows {
      #expect(loss(logits, label: label, parameters: costs) == cost)
      #expect(loss(logits, label: label) == Loss.zeroOne(logits, label: label))
    }
  }

  @Test("top-k: of equal logits the first ones count")
  func topK() {
    let loss = Loss.topK
    let logits = [1.0, 4, 2, 4, 3]
    for (label, place) in [(1, 1), (3, 2), (4, 3), (2, 4), (0, 5)] {
      for count in 1...5 {
        let top = Self.parameters { $0.topK = count }
        #expect(loss(logits, label: label, parameters: top) == (place <= count ? 0 : 1))
      }
    }
    let first = Self.parameters { $0.topK = 1 }
    #expect(loss([1, 1, 0], label: 0, parameters: first) == 0)
    #expect(loss([1, 1, 0], label: 1, parameters: first) == 1)
  }

  @Test("the quantile loss: three times as much for a target above as for one below")
  func quantile() {
    let loss = Loss.quantile
    let high = Self.parameters { $0.quantile = 0.75 }
    #expect(loss([1], targets: [3], parameters: high) == 1.5)
    #expect(loss([3], targets: [1], parameters: high) == 0.5)
    #expect(loss([3, 1, 2, 2], targets: [1, 3, 2, 4], parameters: high) == 3.5 / 4)
    #expect(loss([1], targets: [3]) == 1 && loss([3], targets: [1]) == 1)
  }

  static let parameterTable: [(LearningTask, Loss, LossParameters)] =
    [
      (.classification, .crossEntropy, parameters { $0.labelSmoothing = 0.1 }),
      (.classification, .focal, parameters { $0.focalGamma = 0.5 }),
      (.classification, .cost, parameters { $0.costs = (0..<100).map { Float($0 * 7 % 31) } }),
      (.classification, .topK, parameters { $0.topK = 3 }),
      (.regression, .quantile, parameters { $0.quantile = 0.9 }),
    ] + Loss.all(for: .regression).map { loss in (.regression, loss, unequalWeights) }

  private static let unequalWeights = parameters {
    $0.targetWeights = (1...10).map { Float($0) * 0.375 }
  }

  @Test(
    "every instruction set computes them, to the same bits, and as the reference does",
    arguments: 0..<parameterTable.count)
  func kernels(index: Int) throws {
    let (task, loss, parameters) = Self.parameterTable[index]
    let trial = try Trial(network: "mlp", task: task)
    let batch = Minibatch(samples: Array(0..<50), slot: nil)
    var objective = Objective(loss)
    objective.parameters = parameters
    if task == .classification { objective.classWeights = (0..<10).map { Float($0) * 0.25 } }
    let reference = try trial.reference()
    reference.objective = objective
    reference.beginLayer(0, slots: 0)
    let wanted = reference.loss(on: batch)
    reference.objective.parameters = LossParameters()
    #expect(abs(reference.loss(on: batch) - wanted) > 1e-3, "the parameter matters")
    let found = try trial.lossesOnEveryInstructionSet(of: objective, on: batch)
    #expect(found.allSatisfy { $0 == found[0] })
    #expect(found[0].allSatisfy { abs($0 - wanted) < 1e-4 * max(1, wanted) }, "\(found) \(wanted)")
  }

  // MARK: scikit-learn

  private struct Expected {
    let logits: [Float]
    let targets: [Float]
    let values: [String: Any]

    init(_ group: String) throws {
      let json = try JSONSerialization.jsonObject(with: Fixtures.data("losses/expected.json"))
      values = try #require((json as? [String: Any])?[group] as? [String: Any])
      logits = try #require(values["logits"] as? [Double]).map { Float($0) }
      targets = try #require(values["targets"] as? [Double]).map { Float($0) }
    }

    /// Compares a loss of all samples, computed as an evaluator does, with the value of this name.
    func check(
      _ name: String, _ objective: Objective, _ targets: Targets, outputs: Int,
      tolerance: Double = 1e-12
    ) throws {
      let wanted = try #require(values[name] as? Double)
      let count = targets.count
      let found: Double
      if objective.loss.isOfWholeMinibatch {
        found = logits.withUnsafeBufferPointer {
          objective.wholeLosses(
            of: [$0], outputs: outputs,
            on: ObjectiveSamples(
              .testSet, indices: (0..<count).map { Int32($0) }, targets: targets))[0]
        }
      } else {
        found =
          (0..<count).reduce(0.0) { sum, sample in
            let row = logits[(sample * outputs)..<((sample + 1) * outputs)].map { Double($0) }
            return sum + objective.weight(targets, sample: sample)
              * objective.loss(row, targets, sample: sample, parameters: objective.parameters)
          } / Double(count)
      }
      #expect(abs(found - wanted) < tolerance * max(1, wanted), "\(name): \(found), not \(wanted)")
    }
  }

  @Test("losses of classes are scikit-learn's metrics")
  func classes() throws {
    let expected = try Expected("classes")
    let targets = Targets.classes(expected.targets.map { UInt16($0) })
    for name in [
      "cross-entropy", "zero-one", "balanced-error", "macro-f1", "auc", "hinge",
    ] {
      let loss = try #require(Loss(rawValue: name))
      try expected.check(name, Objective(loss), targets, outputs: 5)
    }
    for count in [2, 4] {
      var objective = Objective(.topK)
      objective.parameters.topK = count
      try expected.check("top-\(count)", objective, targets, outputs: 5)
    }
    let weights = try #require(expected.values["class_weights"] as? [Double]).map { Float($0) }
    try expected.check(
      "weighted cross-entropy", Objective(.crossEntropy, classWeights: weights), targets,
      outputs: 5)
  }

  @Test("losses of labels are scikit-learn's metrics")
  func labels() throws {
    let expected = try Expected("labels")
    let targets = Targets.labels(expected.targets.map { UInt8($0) }, count: 3)
    for name in ["binary-cross-entropy", "macro-f1", "auc"] {
      let loss = try #require(Loss(rawValue: name))
      try expected.check(name, Objective(loss), targets, outputs: 3)
    }
  }

  @Test("losses of numbers are scikit-learn's metrics")
  func numbers() throws {
    let expected = try Expected("numbers")
    let targets = Targets.numbers(expected.targets, count: 2)
    try expected.check("squared", Objective(.squared), targets, outputs: 2)
    try expected.check("absolute", Objective(.absolute), targets, outputs: 2)
    for (name, quantile) in [("quantile 0.9", Float(0.9)), ("quantile 0.25", 0.25)] {
      var objective = Objective(.quantile)
      objective.parameters.quantile = quantile
      // 0.9 is not exact in single precision.
      try expected.check(
        name, objective, targets, outputs: 2, tolerance: quantile == 0.25 ? 1e-12 : 1e-6)
    }
  }
}
