import RSONetworks
import RSOSearch

/// An option that says something else than the plan of the run it is given to.
struct PlanDifference: Sendable, Equatable {
  var option: String
  var planned: String
  var asked: String

  static func table(_ differences: [PlanDifference]) -> String {
    var table = Table(
      columns: [.left("option"), .left("the run's plan"), .left("asked for")], indent: 2)
    for difference in differences {
      table.add([difference.option, difference.planned, difference.asked])
    }
    return table.description
  }
}

extension PlanOptions {
  /// The options given that contradict `plan`. The number of cycles is not among them: a run may be
  /// extended.
  func differences(from plan: SearchPlan) throws -> [PlanDifference] {
    var differences: [PlanDifference] = []
    let recipe = network.recipe?.options
    func compare<Value: Equatable>(_ option: String, _ planned: Value?, _ asked: Value?) {
      guard let asked, asked != planned else { return }
      differences.append(
        PlanDifference(
          option: option, planned: planned.map { "\($0)" } ?? "all", asked: "\(asked)"))
    }
    if let architecture = try network.architecture(), architecture != plan.architecture {
      let option = network.preset == nil ? "--arch" : "--preset"
      let sameName = architecture.name == plan.architecture.name
      differences.append(
        PlanDifference(
          option: option, planned: plan.architecture.name,
          asked: architecture.name + (sameName ? " (not the same layers)" : "")))
    }
    compare("--batch-size", plan.options.batchSize, batchSize ?? recipe?.batchSize)
    compare("--batch-factors", plan.options.batchFactors, batchFactors ?? recipe?.batchFactors)
    compare("--batching", plan.options.batching, batching ?? recipe?.batching)
    compare("--phase-samples", plan.options.phaseSamples, phaseSamples ?? recipe?.phaseSamples)
    compare("--hold", plan.options.hold, hold ?? recipe?.hold)
    compare("--proposal", plan.options.proposal, proposal ?? recipe?.proposal)
    compare("--granularity", plan.options.granularity, granularity ?? recipe?.granularity)
    compare("--order", plan.options.order, order ?? recipe?.order)
    compare("--layers", plan.options.layers, layers ?? recipe?.layers)
    compare("--parallel", plan.options.parallel, parallel ?? recipe?.parallel)
    compare("--selection", plan.options.selection, selection ?? recipe?.selection)
    compare("--loss", plan.options.loss.rawValue, (loss ?? recipe?.loss)?.rawValue)
    compare("--weights", plan.options.weights, weights ?? recipe?.weights)
    compare("--anneal", plan.options.anneal, anneal ?? recipe?.anneal)
    compare("--adapt", plan.options.adapt, adapt ?? recipe?.adapt)
    compare("--seed", plan.seed, seed)
    compare("--sigma-scale", plan.options.sigmaScale, sigmaScale ?? recipe?.sigmaScale)
    compare("--anneal-to", plan.options.annealTo, annealTo ?? recipe?.annealTo)
    compare("--weight-decay", plan.options.weightDecay, weightDecay ?? recipe?.weightDecay)
    compare(
      "--precision",
      NumericPath(rawValue: plan.numericPath)?.precision.rawValue ?? plan.numericPath,
      precision?.rawValue)
    return differences
  }
}
