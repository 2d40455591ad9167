import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch

/// The content and the origin of a checkpoint, in a few lines.
enum InspectionHeader {
  static func text(_ inspection: CheckpointInspection, path: String) -> String {
    let checkpoint = inspection.checkpoint
    let (plan, provenance) = (checkpoint.plan, checkpoint.provenance)
    var table = Table(columns: [
      .left("checkpoint"), .left("\(path), \(progress(inspection))"),
    ])
    table.add([
      "network",
      "\(plan.architecture.name)\(ownership(plan.architecture)): "
        + "\(Numbers.count(inspection.layout.parameterCount, "parameter")) in "
        + Numbers.count(inspection.layout.layers.count, "layer"),
    ])
    table.add(["data", DataText.summary(plan.data)])
    if let last = checkpoint.history.last {
      for (set, score) in [("validation", last.validation), ("test", last.test)] {
        if let score { table.add([set, DataText.score(score)]) }
      }
      let criterion = inspection.stored.criterion
      if let best = checkpoint.history.best(by: criterion) {
        table.add(["best", DataText.best(best, by: criterion)])
      }
      let seconds = checkpoint.history.reduce(0) { $0 + $1.seconds }
      table.add(["training time", Numbers.duration(seconds + provenance.secondsInCycle)])
    }
    table.add(["seed", "\(plan.seed)"])
    let changes = changedOptions(plan)
    if let cycles = plan.options.annealCycles {
      table.add(["annealing", "over \(Numbers.count(cycles, "cycle")); the run was extended"])
    }
    table.add([
      "options",
      changes.isEmpty
        ? "all default"
        : changes.map { "\($0.name) \($0.value) (default \($0.defaultValue))" }
          .joined(separator: ", "),
    ])
    if let initial = plan.initialParameters {
      table.add(["initial weights", "'\(initial.source)'"])
    }
    table.add(["lineage", lineage(provenance)])
    table.add([
      "written",
      "\(Numbers.date(provenance.saved)) on \(provenance.host) by rso \(provenance.version), "
        + "\(provenance.numericPath) on \(provenance.instructionSet)",
    ])
    table.add(["state", inspection.stored.stateSHA256])
    return table.description
  }

  private static func progress(_ inspection: CheckpointInspection) -> String {
    let checkpoint = inspection.checkpoint
    let cursor = checkpoint.state.cursor
    let cycles = checkpoint.plan.options.cycles
    guard !checkpoint.isCycleEnd else {
      return "after \(cursor.cycle) of \(Numbers.count(cycles, "cycle"))"
    }
    return "in cycle \(Numbers.grouped(cursor.cycle + 1)) of \(Numbers.grouped(cycles)), "
      + "before neuron \(cursor.neuron) of " + inspection.layout.layers[cursor.layer].name
  }

  /// A remark on a network that has the name of a preset and is another one.
  private static func ownership(_ architecture: Architecture) -> String {
    guard let preset = try? Architecture.preset(named: architecture.name) else { return "" }
    return preset == architecture ? "" : " (not the preset of that name)"
  }

  private static func lineage(_ provenance: Provenance) -> String {
    let run = "run \(provenance.runID.prefix(12)), begun \(Numbers.date(provenance.created)), "
    guard provenance.resumes > 0 else { return run + "never interrupted" }
    return run + "resumed \(Numbers.times(provenance.resumes))"
      + (provenance.resumedFrom.map { ", last from a file with SHA-256 \($0.prefix(12))" } ?? "")
  }

  struct ChangedOption: Sendable, Equatable {
    var name: String
    var value: String
    var defaultValue: String
  }

  /// The options of `rso train` whose value in the plan differs from the default.
  static func changedOptions(_ plan: SearchPlan) -> [ChangedOption] {
    PlanEntry.all(of: plan).filter(\.isOption).compactMap { entry in
      entry.defaultInstead.map {
        ChangedOption(name: entry.name, value: entry.value, defaultValue: $0)
      }
    }
  }
}
