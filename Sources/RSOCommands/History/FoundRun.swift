import RSOCheckpoints
import RSORuns
import RSOSystem

/// A run whose history is shown.
struct FoundRun {
  let history: RunHistory
  private let checkpoint: Checkpoint
  /// The run directory.
  private let paths: RunPaths
  /// The directory for TensorBoard in that of the sweep; nil for a run outside a sweep.
  private let place: String?

  init(_ argument: String, _ found: FoundCheckpoint) throws {
    checkpoint = found.stored.checkpoint
    history = try RunHistory(name: argument, checkpoint)
    paths = RunPaths(around: found.path)
    place = nil
  }

  init(_ begun: SweepHistory.Begun) throws {
    checkpoint = begun.checkpoint
    history = try RunHistory(name: begun.path, place: begun.place, checkpoint)
    paths = RunPaths(directory: begun.path)
    place = SweepPaths(directory: "").run(cell: begun.cell.name, seed: begun.seed)
  }

  /// Writes event files: those of a single run into `directory`, and of each of several runs into a directory in
  /// it, with the run's name.
  ///
  /// *Throws:* as `EventLog` does.
  static func writeCurves(of runs: [FoundRun], in directory: String) throws {
    let names = runs.map { $0.place ?? Path.name(of: $0.history.name) }
    for (run, name) in zip(runs, names) {
      let isAlone = runs.count == 1 && run.place == nil
      let own =
        names.count { $0 == name } == 1 ? name : String(Path.absolute(run.history.name).dropFirst())
      let origin = run.checkpoint.provenance
      try EventLog(
        isAlone ? directory : Path.joined(directory, own), runID: origin.runID, states: run.paths
      ).write(run.checkpoint, time: origin.saved - origin.secondsInCycle)
    }
  }
}
