import BackendConformance
import RSONetworks
import RSONumerics
import Testing

/// The expected numbers are computed by hand from the definitions in `Loss`.
@Suite("Losses of a whole minibatch")
struct BatchLossTests {
  private static func value(_ loss: Loss, _ rows: [[Float]], _ targets: Targets) -> Double {
    let batch = BatchLoss(loss, targets, outputs: rows[0].count)
    return rows.flatMap(\.self).withUnsafeBufferPointer {
      $0.baseAddress.map { batch($0, count: rows.count) { $0 } } ?? .nan
    }
  }

  /// Answers 0, 0, 1, 2, 1 for classes 0, 0, 0, 1, 1; class 3 neither occurs nor is answered.
  private static let rows: [[Float]] = [
    [2, 1, 0, -9], [1, 1, 0, -9], [0, 3, 1, -9], [0, 1, 2, -9], [0, 4, 1, -9],
  ]
  private static let classes = Targets.classes([0, 0, 0, 1, 1])

  @Test("balanced error: recalls 2/3 and 1/2")
  func balancedError() {
    #expect(Self.value(.balancedError, Self.rows, Self.classes) == 1 - (2.0 / 3 + 0.5) / 2)
  }

  @Test("macro F1: 4/5 and 2/4, and 0 for a class that is only answered")
  func macroF1() {
    #expect(Self.value(.macroF1, Self.rows, Self.classes) == 1 - (4.0 / 5 + 2.0 / 4 + 0) / 3)
  }

  @Test("macro F1 of labels: 2 of 3, none of 1, and a label that does not occur")
  func labels() {
    let rows: [[Float]] = [[1, -1, -1], [2, 0, -1], [-1, 3, -1]]
    let targets = Targets.labels([1, 1, 0, 0, 0, 0, 1, 0, 0], count: 3)
    #expect(Self.value(.macroF1, rows, targets) == 1 - (2.0 / 4 + 0.0 / 2) / 2)
  }

  @Test("AUC of two classes: 4 of 6 pairs are in order, and one is a tie")
  func area() {
    let rows: [[Float]] = [[0, 1], [0, 3], [1, 3], [0, 2], [0, -1]]
    // Scores 1, 3, 2 of class 1 and 2, -1 of class 0.
    let targets = Targets.classes([1, 1, 1, 0, 0])
    #expect(Self.value(.rocAUC, rows, targets) == 1 - (4 + 0.5) / 6)
    #expect(Self.value(.rocAUC, rows, .classes([1, 1, 1, 1, 1])) == 0)
  }

  @Test(
    "AUC is defined where a class or label is there and elsewhere not",
    arguments: [
      (.classes([1, 1, 1]), false), (.classes([1, 1, 0]), true), (.classes([]), false),
      (.labels([1, 0, 1, 0], count: 2), false), (.labels([1, 0, 1, 1], count: 2), true),
    ] as [(Targets, Bool)])
  func definedArea(targets: Targets, isDefined: Bool) {
    #expect(Loss.rocAUC.isDefined(on: targets) == isDefined)
    #expect(Loss.macroF1.isDefined(on: targets))
  }

  @Test("AUC is the share of pairs in order, whichever kind is rarer", arguments: [10, 50, 90])
  func areaByPairs(positives: Int) {
    let scores = (0..<100).map { Float(($0 * 37) % 23) - 11 }
    let labels = (0..<100).map { UInt16(($0 * 61) % 100 < positives ? 1 : 0) }
    var sum = 0.0
    for one in 0..<100 where labels[one] == 1 {
      for other in 0..<100 where labels[other] == 0 {
        sum += scores[one] > scores[other] ? 1 : scores[one] == scores[other] ? 0.5 : 0
      }
    }
    let area = sum / Double(positives) / Double(100 - positives)
    let loss = Self.value(.rocAUC, scores.map { [0, $0] }, .classes(labels))
    #expect(abs(loss - (1 - area)) < 1e-15 && area > 0 && area < 1)
  }

  @Test("AUC of three classes is the mean over those that some samples have and others have not")
  func areas() {
    let rows: [[Float]] = [[3, 0, 1], [0, 2, 1], [1, 0, 2]]
    // Margins of class 0: 2, -2, -1; of class 1: -3, 1, -2; of class 2 there is no sample.
    #expect(Self.value(.rocAUC, rows, .classes([0, 1, 0])) == 0)
    #expect(Self.value(.rocAUC, rows, .classes([1, 0, 0])) == 1 - (0.0 / 2 + 0.0 / 2) / 2)
  }

  @Test("AUC of labels: half of the pairs, and none")
  func areasOfLabels() {
    let rows: [[Float]] = [[1, 0], [2, -0.0], [3, 5]]
    let targets = Targets.labels([0, 1, 1, 1, 0, 0], count: 2)
    #expect(Self.value(.rocAUC, rows, targets) == 1 - (0.5 + 0) / 2)
  }

  @Test(
    "an output that is not finite makes the loss NaN",
    arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(number: Float) {
    var rows = Self.rows
    rows[4][3] = number
    for loss in Loss.allCases where loss.isOfWholeMinibatch {
      #expect(Self.value(loss, rows, Self.classes).isNaN)
    }
  }

  @Test("the cross entropy tells equal answers apart, and comes to a millionth of itself")
  func tieBreak() throws {
    let trial = try Trial(network: "activations")
    let batch = Minibatch(samples: Array(0..<20), slot: nil)
    let address = WeightAddress(layer: 0, kind: .weight, output: 0)
    for evaluator in [try trial.reference(), try trial.evaluator(of: CPUBackend(), path: .f32)]
      as [any Evaluator]
    {
      evaluator.beginLayer(0, slots: 0)
      evaluator.beginNeuron(output: 0)
      let value = evaluator.parameters[evaluator.layout.offset(of: address)]
      let values = [value, value + 1e-3, value - 1e-3]
      func losses(_ objective: Objective) -> [Double] {
        evaluator.objective = objective
        return evaluator.losses(of: address, values: values, on: batch)
          + evaluator.losses(ofNetworks: [evaluator.parameters], on: batch)
      }
      let entropies = losses(Objective(.crossEntropy))
      for loss in [Loss.zeroOne, .macroF1] {
        let plain = losses(Objective(loss))
        let both = losses(Objective(loss, tieBreak: .crossEntropy))
        #expect(Set(plain[..<3]).count == 1 && Set(both[..<3]).count == 3)
        for index in both.indices { #expect(both[index] == plain[index] + 1e-6 * entropies[index]) }
      }
    }
  }

  @Test(
    "class weights multiply the loss of each sample, on any instruction set",
    arguments: Loss.all(for: .classification).filter { !$0.isOfWholeMinibatch })
  func classWeights(loss: Loss) throws {
    let trial = try Trial(network: "activations")
    let batch = Minibatch(samples: Array(0..<50), slot: nil)
    let outputs = trial.architecture.classes
    let weights = (0..<outputs).map { Float($0) * 0.3 }
    let reference = try trial.reference()
    reference.beginLayer(0, slots: 0)
    let logits = reference.logits(on: batch)
    let objective = Objective(loss, classWeights: weights)
    let wanted =
      batch.samples.enumerated().reduce(0.0) { sum, sample in
        let row = Array(logits[(sample.offset * outputs)..<((sample.offset + 1) * outputs)])
        return sum + objective.weight(trial.samples.targets, sample: Int(sample.element))
          * loss(row, trial.samples.targets, sample: Int(sample.element))
      } / 50
    reference.objective = objective
    #expect(reference.loss(on: batch) == wanted)
    let found = try trial.lossesOnEveryInstructionSet(of: objective, on: batch)
    #expect(found.allSatisfy { $0 == found[0] })
    #expect(found[0].allSatisfy { abs($0 - wanted) < 1e-4 * max(1, wanted) })
  }
}
