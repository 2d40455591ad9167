import RSONetworks
import RSORuns
import RSOSearch

/// A table of what a run of a plan will do, for `--dry-run`.
enum PlanPreview {
  static func text(
    _ plan: SearchPlan, _ graph: StageGraph, fitted: FittedOptions? = nil, device: String,
    memory: String, time: String, run: String, retention: Retention = Retention(),
    finished: Int? = nil
  ) throws -> String {
    let begun = finished != nil
    let finished = finished ?? 0
    let options = plan.options
    let steps = graph.layout.parameterCount
    let schedule = options.batchSize.within(cycles: options.cycles)
    let samples = options.phaseSamples(of: plan.data.trainingCount)
    let batches =
      switch options.batching {
      case .cyclic:
        schedule.sizes.map { Numbers.grouped(samples / $0) }.joined(separator: ", ")
          + " for each layer of each cycle"
      case .random:
        "one for each step"
      }
    let rest = options.cycles - finished
    var table = Table(columns: [.left("network"), .left(plan.architecture.name)])
    if let initial = plan.initialParameters { table.add(["weights", "of '\(initial.source)'"]) }
    table.add(["data", DataText.summary(plan.data)])
    table.add([
      "minibatches",
      "\(sizes(schedule)) of \(Numbers.grouped(samples)) samples, \(batches)",
    ])
    if options.batchFactors != BatchFactors() {
      let larger = options.batchFactors.factors.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value) times" }.joined(separator: ", ")
      table.add(["", "in \(larger) as many, at most all"])
    }
    table.add([
      "search",
      "\(Numbers.count(steps, "step")) per cycle, \(Numbers.count(options.cycles, "cycle"))"
        + (finished > 0 ? ", \(Numbers.grouped(finished)) of them finished" : "")
        + ": \(Numbers.grouped(steps * rest)) steps of "
        + losses(options),
    ])
    table.add([
      "deviation",
      "\(options.deviationScale) of the initial weights'"
        + (options.anneal == .none ? "" : ", annealed to \(options.annealTo) of that")
        + (options.annealCycles.map { " over \(Numbers.count($0, "cycle"))" } ?? ""),
    ])
    let chosen = fitted?.names(in: options) ?? []
    let changed = PlanEntry.options(of: plan).filter { $0.isOption && $0.defaultInstead != nil }
    for (title, entries, reason) in [
      ("chosen", changed.filter { chosen.contains($0.name) }, fitted?.reason),
      ("not default", changed.filter { !chosen.contains($0.name) }, nil),
    ] where !entries.isEmpty {
      table.add([title, entries.map { "\($0.name) \($0.value)" }.joined(separator: ", ")])
      if let reason { table.add(["", reason]) }
    }
    table.add(["weight decay", "\(options.weightDecay) per visit"])
    table.add(["precision", plan.numericPath])
    table.add(["device", device])
    table.add(["memory", memory])
    table.add(["time", time])
    table.add(["seed", "\(plan.seed)"])
    table.add([
      "files",
      "\(run): last.h5 and its copy, best.h5, metrics.csv, "
        + checkpoints(begun ? finished + 1 : 0, options.cycles, retention),
    ])
    return "\(table.description)\n\n\(try NetworkTable.text(plan.architecture))\n"
  }

  private static func sizes(_ schedule: BatchSchedule) -> String {
    schedule.phases.map { "\(Numbers.grouped($0.size)) (\(Numbers.count($0.cycles, "cycle"))), " }
      .joined()
      + Numbers.grouped(schedule.last)
  }

  /// The number of losses that a step evaluates, in words.
  private static func losses(_ options: SearchOptions) -> String {
    switch (options.selection == .first || options.weights == .binary, options.hold > 1) {
    case (false, false): "three losses"
    case (false, true): "two losses, or three where a minibatch is new"
    case (true, false): "two or three losses"
    case (true, true): "one or two losses, or one more where a minibatch is new"
    }
  }

  private static func checkpoints(_ first: Int, _ last: Int, _ retention: Retention) -> String {
    func name(_ cycle: Int) -> String {
      String(RunPaths(directory: "").cycle(cycle).drop { $0 == "/" })
    }
    if first > last { return "no new checkpoint" }
    let all = first == last ? name(first) : "\(name(first)) to \(name(last))"
    guard retention != Retention() else { return all }
    let kept =
      "the last\(retention.keepLast.map { $0 == 1 ? "" : " \($0)" } ?? "")"
      + (retention.keepEvery.map {
        $0 == 1 ? " and all others" : " and every \(Numbers.ordinal($0))"
      } ?? "")
    return "\(all), of which \(kept) will be kept"
  }
}
