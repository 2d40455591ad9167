import RSONetworks
import RSORuns
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
  /// The options given that contradict `plan`, those of a recipe among them. The number of cycles is
  /// not: a run may be extended.
  func differences(from plan: SearchPlan) throws -> [PlanDifference] {
    var differences: [PlanDifference] = []
    func compare(_ option: String, _ planned: String, _ asked: String?) {
      guard let asked, asked != planned else { return }
      differences.append(PlanDifference(option: option, planned: planned, asked: asked))
    }
    if let architecture = try network.architecture(), architecture != plan.architecture {
      let option = network.preset == nil ? "--arch" : "--preset"
      let sameName = architecture.name == plan.architecture.name
      differences.append(
        PlanDifference(
          option: option, planned: plan.architecture.name,
          asked: architecture.name + (sameName ? " (not the same layers)" : "")))
    }
    let asked = PlanEntry.options(applied(to: network.recipe?.options ?? plan.options))
    for (planned, asked) in zip(PlanEntry.options(plan.options), asked)
    where !PlanEntry.ofLength.contains(planned.name) {
      compare("--\(planned.name)", planned.value, asked.value)
    }
    compare("--seed", "\(plan.seed)", seed.map { "\($0)" })
    compare(
      "--precision",
      Backends.standard.knownPaths.first { $0.name == plan.numericPath }?.precision?.rawValue
        ?? plan.numericPath,
      precision?.rawValue)
    return differences
  }
}
