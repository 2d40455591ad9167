import RSONetworks

/// The runs that a sweep would do, for `--dry-run`.
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

    let table = Report(plan.runs, columns: columns).table()
    return "\(head.description)\n\n\(table.description)\n"
  }

  private static var columns: [Column<SweepRun>] {
    [
      Column("cell", "cell", align: .left, \.cell.name),
      Column("seed", "seed", \.seed),
      Column("cycles", "cycles", \.plan.options.cycles),
      Column("state", "state", align: .left) { state(of: $0) },
      Column("network", "network", align: .left, \.plan.architecture.name),
      Column("options", "options", align: .left) { run in
        run.cell.options.sorted { $0.key < $1.key }
          .compactMap { $0.value.argument(for: $0.key) }.map(shellQuoted).joined(separator: " ")
      },
    ]
  }

  private static func state(of run: SweepRun) -> String {
    if run.isFinished { return "finished" }
    return run.checkpoint == nil ? "to begin" : "after cycle \(run.finishedCycles)"
  }
}
