import RSOSearch

/// One setting of a plan: its name, and its value as text.
package struct PlanEntry: Sendable, Equatable {
  package var name: String
  package var value: String
  /// The value that `rso train` uses without the option; nil if there is no default.
  package var defaultValue: String?
  /// True if the command line has an option of this name.
  package var isOption: Bool

  package init(name: String, value: String, defaultValue: String? = nil, isOption: Bool) {
    self.name = name
    self.value = value
    self.defaultValue = defaultValue
    self.isOption = isOption
  }

  /// The default, if the value is another.
  package var defaultInstead: String? { defaultValue == value ? nil : defaultValue }

  /// Everything that a plan decides, except for the network's layers.
  package static func all(of plan: SearchPlan) -> [PlanEntry] {
    let normalization = zip(plan.normalization.mean, plan.normalization.standardDeviation)
      .map { "\($0) +- \($1)" }.joined(separator: ", ")
    return options(of: plan) + [
      PlanEntry(name: "precision", value: plan.numericPath, defaultValue: "f32", isOption: true),
      PlanEntry(name: "seed", value: "\(plan.seed)", isOption: true),
      PlanEntry(name: "data", value: plan.data.name, isOption: true),
      PlanEntry(
        name: "data-training",
        value: "\(plan.data.trainingCount) images, \(plan.data.trainingSHA256)",
        isOption: false),
      PlanEntry(
        name: "data-test", value: "\(plan.data.testCount) images, \(plan.data.testSHA256)",
        isOption: false),
      PlanEntry(name: "normalization", value: normalization, isOption: false),
      PlanEntry(
        name: "init",
        value: plan.initialParameters.map { "\($0.source), \($0.sha256)" }
          ?? "drawn from the seed", isOption: true),
    ]
  }

  /// The options of the search.
  package static func options(of plan: SearchPlan) -> [PlanEntry] {
    var defaults = SearchOptions()
    defaults.batchSize = plan.options.defaultBatchSize(samples: plan.data.trainingCount)
    defaults.loss = .standard(for: plan.data.learningTask)
    if plan.data.learningTask == .regression, plan.options.loss.suits(.regression) {
      defaults.targetScales = .deviations
    }
    return SearchOption.all.map {
      PlanEntry(
        name: $0.name, value: $0.text(in: plan.options), defaultValue: $0.text(in: defaults),
        isOption: $0.valueName != nil)
    }
  }
}
