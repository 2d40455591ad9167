import RSONetworks
import RSONumerics
import Testing

@Suite("Losses")
struct LossTests {
  @Test("a task has its losses, the default first", arguments: LearningTask.allCases)
  func tasks(task: LearningTask) {
    let losses = Loss.all(for: task)
    #expect(losses.first == Loss.standard(for: task))
    #expect(losses.allSatisfy { $0.suits(task) && $0.tasks.contains(task) })
  }

  @Test("every loss suits a task, and has a name of its own for its mean")
  func names() {
    #expect(Loss.allCases.allSatisfy { !$0.tasks.isEmpty })
    #expect(Set(Loss.allCases.map(\.meanName)).count == Loss.allCases.count)
  }

  static let differences: [(loss: Loss, output: Double, target: Double, value: Double)] = [
    (.squared, 3, 1, 4), (.squared, -1, -1, 0), (.absolute, 3, 1, 2), (.absolute, -3, 1, 4),
    (.quantile, 3, 1, 1), (.quantile, 1, 2, 0.5), (.huber, 3, 1, 1.5), (.huber, 1.5, 1, 0.125),
    (.huber, 2, 1, 0.5),
    (.binaryCrossEntropy, 0, 1, 0.6931471805599453), (.binaryCrossEntropy, 800, 1, 0),
    (.binaryCrossEntropy, 800, 0, 800), (.binaryCrossEntropy, -800, 1, 800),
    (.binaryCrossEntropy, -800, 0, 0),
  ]

  @Test("the loss of a sample is the mean over its outputs", arguments: differences)
  func mean(loss: Loss, output: Double, target: Double, value: Double) {
    #expect(loss([output], targets: [target]) == value)
    let other = loss([0.25], targets: [1])
    #expect(abs(loss([output, 0.25], targets: [target, 1]) - (value + other) / 2) < 1e-15 * 800)
  }

  @Test("a sample's own targets count", arguments: Loss.all(for: .regression))
  func sample(loss: Loss) {
    let targets = Targets.numbers([9, 9, 1, -2], count: 2)
    #expect(loss([0, 0], targets, sample: 1) == loss([0, 0], targets: [1, -2]))
    let labels = Targets.labels([1, 1, 0, 1], count: 2)
    let entropy = Loss.binaryCrossEntropy
    #expect(entropy([1, 2], labels, sample: 1) == entropy([1, 2], targets: [0, 1]))
    let hinge = Loss.hinge
    #expect(hinge([1, 2], .classes([1, 0]), sample: 1) == hinge([1, 2], label: 0))
  }

  @Test(
    "errors are multiplied by the weight of their number", arguments: Loss.all(for: .regression))
  func weighted(loss: Loss) {
    var parameters = LossParameters()
    parameters.targetWeights = [0.25, 2]
    // The errors 3 and -0.5 become 0.75 and -1.
    #expect(
      loss([5, 1], targets: [2, 1.5], parameters: parameters)
        == loss([0.75, 0], targets: [0, 1]))
  }

  @Test(
    "an output that is not finite makes the loss NaN",
    arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(output: Double) {
    for task in [LearningTask.multiLabel, .regression] {
      for loss in Loss.all(for: task) { #expect(loss([0, output], targets: [0, 1]).isNaN) }
    }
    for loss in Loss.all(for: .classification) { #expect(loss([0, output], label: 0).isNaN) }
  }
}
