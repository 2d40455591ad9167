import RSONetworks
import RSORuns
import RSOSearch

/// What a run of a plan is, for `--dry-run`.
enum PlanPreview {
  static func text(
    _ plan: SearchPlan, _ graph: StageGraph, memory: String, run: String, finished: Int = 0
  ) -> String {
    let options = plan.options
    let steps = graph.layout.parameterCount
    let population = options.phaseSamples ?? plan.data.trainingCount
    let batches =
      switch options.batching {
      case .cyclic:
        options.batchSize.sizes.map { Numbers.grouped(population / $0) }.joined(separator: ", ")
          + " for each layer of each cycle"
      case .random:
        "one for each step"
      }
    let rest = options.cycles - finished
    var table = Table(columns: [.left("network"), .left(plan.architecture.name)])
    if let initial = plan.initialParameters { table.add(["weights", "of '\(initial.source)'"]) }
    table.add([
      "data",
      "\(plan.data.name): \(Numbers.grouped(plan.data.trainingCount)) training and "
        + "\(Numbers.grouped(plan.data.testCount)) test images of \(plan.data.shape), "
        + "\(plan.data.classes) classes",
    ])
    table.add([
      "minibatches",
      "\(sizes(options.batchSize)) of \(Numbers.grouped(population)) samples, \(batches)",
    ])
    if options.batchFactors != BatchFactors() {
      let larger = options.batchFactors.factors.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value) times" }.joined(separator: ", ")
      table.add(["", "in \(larger) as many, at most all"])
    }
    table.add([
      "search",
      "\(Numbers.grouped(steps)) steps a cycle, \(Numbers.grouped(options.cycles)) cycles"
        + (finished > 0 ? ", \(Numbers.grouped(finished)) of them finished" : "")
        + ": \(Numbers.grouped(steps.multipliedReportingOverflow(by: rest).partialValue)) steps of "
        + losses(options),
    ])
    table.add([
      "deviation",
      "\(options.sigmaScale) of the initial weights'"
        + (options.anneal == .none ? "" : ", annealed to \(options.annealTo) of that"),
    ])
    let unusual = PlanEntry.options(options).filter { $0.usualInstead != nil }
      .map { "\($0.name) \($0.value)" }
    if !unusual.isEmpty { table.add(["not as usual", unusual.joined(separator: ", ")]) }
    table.add(["weight decay", "\(options.weightDecay) a visit"])
    table.add(["precision", plan.numericPath])
    table.add(["memory", memory])
    table.add(["seed", "\(plan.seed)"])
    table.add([
      "files",
      "\(run): last.h5, best.h5, metrics.csv, \(checkpoints(finished + 1, options.cycles))",
    ])
    return "\(table.description)\n\n\(NetworkTable.text(graph))\n"
  }

  private static func sizes(_ schedule: BatchSchedule) -> String {
    schedule.phases.map { "\(Numbers.grouped($0.size)) (\($0.cycles) cycles), " }.joined()
      + Numbers.grouped(schedule.last)
  }

  /// How many losses a step evaluates.
  private static func losses(_ options: SearchOptions) -> String {
    switch (options.selection == .first || options.weights == .binary, options.hold > 1) {
    case (false, false): "three losses"
    case (false, true): "two losses, or three where a minibatch is new"
    case (true, false): "two or three losses"
    case (true, true): "one or two losses, or one more where a minibatch is new"
    }
  }

  private static func checkpoints(_ first: Int, _ last: Int) -> String {
    func name(_ cycle: Int) -> String {
      let digits = String(cycle)
      return "ckpt-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".h5"
    }
    if first > last { return "no new checkpoint" }
    return first == last ? name(first) : "\(name(first)) to \(name(last))"
  }
}
