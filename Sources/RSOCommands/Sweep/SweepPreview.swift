import RSONetworks

/// What a sweep would do, for `--dry-run`.
enum SweepPreview {
  static func text(_ plan: SweepPlan, directory: String) -> String {
    let definition = plan.definition
    var head = Table(columns: [.left("sweep"), .left(definition.name)])
    if let about = definition.about { head.add(["about", about]) }
    let cycles = plan.runs.reduce(0) { $0 + $1.plan.options.cycles }
    let done = plan.runs.reduce(0) { $0 + min($1.finishedCycles, $1.plan.options.cycles) }
    head.add([
      "runs",
      "\(Numbers.grouped(plan.runs.count)): \(Numbers.count(definition.cells.count, "cell")), "
        + "\(Numbers.count(definition.seeds.count, "seed")), \(Numbers.count(cycles, "cycle"))"
        + (done > 0 ? ", \(Numbers.grouped(done)) of them finished" : ""),
    ])
    head.add(["directory", directory])

    var table = Table(columns: [
      .left("cell"), .right("seed"), .right("cycles"), .left("state"), .left("network"),
      .left("options"),
    ])
    for run in plan.runs {
      table.add([
        run.cell.name, "\(run.seed)", "\(run.plan.options.cycles)", state(of: run),
        run.plan.architecture.name,
        run.cell.options.sorted { $0.key < $1.key }
          .compactMap { $0.value.argument(for: $0.key) }.map(shellQuoted).joined(separator: " "),
      ])
    }
    return "\(head.description)\n\n\(table.description)\n"
  }

  private static func state(of run: SweepRun) -> String {
    if run.isFinished { return "finished" }
    return run.checkpoint == nil ? "to begin" : "after cycle \(run.finishedCycles)"
  }
}
