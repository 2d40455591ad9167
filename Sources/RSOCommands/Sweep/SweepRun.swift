import RSOCheckpoints
import RSORuns
import RSOSearch

/// One run of a sweep: a cell with a seed.
struct SweepRun: Sendable {
  let cell: SweepDefinition.Cell
  let seed: UInt64
  /// Its run directory.
  let path: String
  /// What it computes.
  let plan: SearchPlan
  /// Its newest state; nil for one that has not begun.
  var checkpoint: Checkpoint?

  /// What people call it.
  var label: String { "\(cell.name), seed \(seed)" }

  var finishedCycles: Int { checkpoint?.state.cursor.cycle ?? 0 }
  var isFinished: Bool { finishedCycles >= plan.options.cycles }

  /// The arguments of `rso train`, but for those that only concern how it is run.
  static func arguments(of cell: SweepDefinition.Cell, seed: UInt64) -> [String] {
    cell.options.sorted { $0.key < $1.key }.compactMap { $0.value.argument(for: $0.key) }
      + ["--seed=\(seed)"]
  }

  /// The newest state in the run directory; nil where nothing was saved yet.
  ///
  /// *Throws:* `RunError` where there are checkpoints and none can be used.
  static func newest(in path: String) throws -> Checkpoint? {
    let paths = RunPaths(directory: path)
    guard !paths.checkpoints().isEmpty else { return nil }
    // The end of the plan is as far as a run goes: no other file can hold more.
    if let last = try? CheckpointReader.read(paths.last).checkpoint,
      last.state.cursor.cycle >= last.plan.options.cycles
    {
      return last
    }
    return try CheckpointStore(paths: paths).newest().stored.checkpoint
  }
}
