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
    compare("--batch-size", plan.options.batchSize, batchSize)
    compare("--batching", plan.options.batching, batching)
    compare("--phase-samples", plan.options.phaseSamples, phaseSamples)
    compare("--hold", plan.options.hold, hold)
    compare("--proposal", plan.options.proposal, proposal)
    compare("--granularity", plan.options.granularity, granularity)
    compare("--order", plan.options.order, order)
    compare("--layers", plan.options.layers, layers)
    compare("--parallel", plan.options.parallel, parallel)
    compare("--selection", plan.options.selection, selection)
    compare("--loss", plan.options.loss.rawValue, loss?.rawValue)
    compare("--weights", plan.options.weights, weights)
    compare("--anneal", plan.options.anneal, anneal)
    compare("--seed", plan.seed, seed)
    compare("--sigma-scale", plan.options.sigmaScale, sigmaScale)
    compare("--anneal-to", plan.options.annealTo, annealTo)
    compare("--weight-decay", plan.options.weightDecay, weightDecay)
    compare(
      "--precision",
      NumericPath(rawValue: plan.numericPath)?.precision.rawValue ?? plan.numericPath,
      precision?.rawValue)
    return differences
  }
}
