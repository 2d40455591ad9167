import RSOCheckpoints
import RSORuns
import RSOSearch

/// One run of a sweep: a cell and a seed.
package struct SweepRun: Sendable {
  let cell: SweepDefinition.Cell
  let seed: UInt64
  /// The run directory.
  let path: String
  /// The plan that the cell and the seed make.
  let plan: SearchPlan
  /// The newest state; nil if the run has not begun.
  var checkpoint: Checkpoint?

  package init(
    cell: SweepDefinition.Cell, seed: UInt64, path: String, plan: SearchPlan,
    checkpoint: Checkpoint? = nil
  ) {
    self.cell = cell
    self.seed = seed
    self.path = path
    self.plan = plan
    self.checkpoint = checkpoint
  }

  /// The name in messages.
  var label: String { "\(cell.name), seed \(seed)" }

  /// The directory for TensorBoard, in that of the sweep.
  func curves(in directory: String) -> String {
    SweepPaths(directory: directory).run(cell: cell.name, seed: seed)
  }

  /// Writes what the directory for TensorBoard lacks of the cycles so far.
  ///
  /// *Throws:* as `EventLog` does.
  func writeCurves(in directory: String) throws {
    guard let checkpoint else { return }
    try EventLog(
      curves(in: directory), runID: checkpoint.provenance.runID, states: RunPaths(directory: path)
    ).write(checkpoint, time: checkpoint.provenance.saved - checkpoint.provenance.secondsInCycle)
  }

  var finishedCycles: Int { checkpoint?.state.cursor.cycle ?? 0 }
  var isFinished: Bool {
    finishedCycles >= plan.options.cycles || checkpoint?.isOutOfPatience ?? false
  }

  /// Returns the arguments of `rso train` that decide the result.
  static func arguments(of cell: SweepDefinition.Cell, seed: UInt64) -> [String] {
    cell.options.sorted { $0.key < $1.key }.compactMap { $0.value.argument(for: $0.key) }
      + ["--seed=\(seed)"]
  }

  /// Returns the newest state in a run directory; nil if nothing was saved yet.
  ///
  /// *Throws:* `RunError` if there are checkpoints but none can be used.
  static func newest(in path: String) throws -> Checkpoint? {
    let paths = RunPaths(directory: path)
    guard !paths.checkpoints().isEmpty else { return nil }
    // No other file can hold a later state than the end of the plan.
    if let last = try? CheckpointReader.read(paths.last).checkpoint, last.isFinished { return last }
    return try CheckpointStore(paths: paths).newest().stored.checkpoint
  }
}
