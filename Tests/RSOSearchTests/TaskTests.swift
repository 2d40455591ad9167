import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("A search of every task")
struct TaskTests {
  /// The images with targets of a task that the images determine.
  private func samples(_ task: LearningTask) -> Samples {
    let images = Samples(SmallNetwork.images(), normalization: SmallNetwork.normalization)
    let (classes, outputs) = (images.targets.classes, SmallNetwork.classes)
    let targets: Targets =
      switch task {
      case .classification: .classes(classes)
      case .multiLabel:
        .labels(
          classes.flatMap { own in (0..<outputs).map { $0 == own || $0 == 0 ? 1 : 0 } },
          count: outputs)
      case .regression:
        .numbers(
          classes.flatMap { own in (0..<outputs).map { Float($0) - 1.5 * Float(own) } },
          count: outputs)
      }
    return Samples(
      shape: images.shape, outputs: outputs, inputs: images.inputs, targets: targets)
  }

  @Test(
    "each loss falls from cycle to cycle, on either evaluator",
    arguments: LearningTask.allCases.flatMap { task in Loss.all(for: task).map { (task, $0) } })
  func lossFalls(task: LearningTask, loss: Loss) throws {
    let small = SmallNetwork.plan {
      SmallNetwork.setLoss(loss, in: &$0)
      $0.cycles = 4
      $0.batchSize = BatchSchedule(SmallNetwork.sampleCount)
    }
    var data = small.data
    data.task = task
    let plan = SearchPlan(
      architecture: small.architecture, options: small.options, seed: small.seed, data: data,
      normalization: small.normalization)
    let samples = samples(task)
    for path in [NumericPath.f32, .reference] {
      let backend = try Backends.standard.backend(for: path)
      var search = try Search(plan: plan, state: .initial(plan: plan)) { parameters in
        try backend.makeEvaluator(
          EvaluatorRequest(
            architecture: plan.architecture, samples: samples, parameters: parameters, path: path))
      }
      var losses: [Double] = []
      while losses.count < plan.options.cycles {
        if case .cycleFinished(let summary) = try search.step() {
          losses.append(summary.trainingLoss)
        }
      }
      let (first, last) = (losses[0], losses[losses.count - 1])
      // Few changes of a weight change an answer.
      let countsAnswers = [.zeroOne, .cost, .topK, .balancedError, .macroF1].contains(loss)
      #expect(last < (countsAnswers ? first : 0.9 * first), "\(losses) on \(path)")
      #expect(search.evaluator.loss == loss)
    }
  }
}
