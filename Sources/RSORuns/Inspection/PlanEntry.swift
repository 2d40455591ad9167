import RSOSearch

/// One decision of a plan as a name, that of the command line's option, and a text.
package struct PlanEntry: Sendable, Equatable {
  package var name: String
  package var value: String

  /// Everything that a plan decides but the network's layers.
  package static func all(of plan: SearchPlan) -> [PlanEntry] {
    let normalization = zip(plan.normalization.mean, plan.normalization.standardDeviation)
      .map { "\($0) +- \($1)" }.joined(separator: ", ")
    let rest: [(String, String)] = [
      ("precision", plan.numericPath), ("seed", "\(plan.seed)"), ("data", plan.data.name),
      ("data-training", "\(plan.data.trainingCount) images, \(plan.data.trainingSHA256)"),
      ("data-test", "\(plan.data.testCount) images, \(plan.data.testSHA256)"),
      ("normalization", normalization),
      (
        "init", plan.initialParameters.map { "\($0.source), \($0.sha256)" } ?? "drawn from the seed"
      ),
    ]
    return options(plan.options) + rest.map { PlanEntry(name: $0.0, value: $0.1) }
  }

  /// What `rso train` does where it is not told otherwise.
  package static let usual: [String: String] = {
    var entries = options(SearchOptions())
    entries.append(PlanEntry(name: "precision", value: "f32"))
    return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
  }()

  /// What `rso train` does instead where it is not told otherwise; nil where this is that, or where
  /// nothing is usual.
  package var usualInstead: String? {
    Self.usual[name].flatMap { $0 == value ? nil : $0 }
  }

  /// Names of the options that say how long a run is, in which it may be extended.
  package static let ofLength: Set<String> = ["cycles", "anneal-cycles"]

  package static func options(_ options: SearchOptions) -> [PlanEntry] {
    let entries: [(String, String)] = [
      ("cycles", "\(options.cycles)"), ("batch-size", "\(options.batchSize)"),
      ("batch-factors", "\(options.batchFactors)"),
      ("batching", options.batching.rawValue), ("hold", "\(options.hold)"),
      ("phase-samples", options.phaseSamples.map(String.init) ?? "all"),
      ("augment", "\(options.augment)"),
      ("proposal", options.proposal.rawValue), ("granularity", options.granularity.rawValue),
      ("order", options.order.rawValue), ("layers", options.layers.rawValue),
      ("parallel", options.parallel.rawValue), ("selection", options.selection.rawValue),
      ("loss", options.loss.rawValue), ("weights", options.weights.rawValue),
      ("sigma-scale", "\(options.sigmaScale)"), ("anneal", options.anneal.rawValue),
      ("adapt", options.adapt.rawValue), ("anneal-to", "\(options.annealTo)"),
      ("anneal-cycles", options.annealCycles.map(String.init) ?? "all"),
      ("weight-decay", "\(options.weightDecay)"),
    ]
    return entries.map { PlanEntry(name: $0.0, value: $0.1) }
  }
}
