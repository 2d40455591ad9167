import ArgumentParser
import RSOCheckpoints
import RSORuns

/// The network of a checkpoint, or the mean of several cycles' networks.
struct JudgedNetwork {
  /// The file, or the run directory.
  let path: String
  /// Without batch-norm statistics where they have to be taken first.
  let checkpoint: Checkpoint
  /// Nil of a mean, which is no state of a search.
  let stateSHA256: String?
  /// The cycles whose mean it is.
  let cycles: [Int]?
  /// Done in the cycle under way.
  let steps: Int

  /// *Throws:* what `Checkpoint.place()` does.
  init(path: String, _ stored: SealedCheckpoint) throws {
    self.path = path
    steps = try stored.checkpoint.place()[1]
    checkpoint = stored.checkpoint
    stateSHA256 = stored.stateSHA256
    cycles = nil
  }

  /// The mean over the last `count` cycles of the run directory `run`.
  init(meanOfLast count: Int, run: String) throws {
    guard CheckpointArgument.isDirectory(run) else {
      throw ValidationError("--average \(count): '\(run)' is not a run directory")
    }
    let mean = try CheckpointStore(paths: RunPaths(directory: run)).mean(ofLast: count)
    path = run
    checkpoint = mean.checkpoint
    stateSHA256 = nil
    cycles = mean.cycles
    steps = 0
  }

  /// What is said before batch-norm statistics are taken.
  var lackOfStatistics: String {
    (cycles == nil ? "'\(path)'" : "a mean of weights")
      + " has no batch-norm statistics: taking them from the training set first"
  }

  /// Whose weights they are: `after 12 cycles`, `after 12 cycles and 40 steps`, `mean of cycles 31 to
  /// 50`.
  static func extent(cycle: Int, steps: Int, mean cycles: [Int]?) -> String {
    cycles.map { "mean of \($0.count == 1 ? "cycle" : "cycles") \(Numbers.ranges($0))" }
      ?? Numbers.place(cycles: cycle, steps: steps)
  }
}
