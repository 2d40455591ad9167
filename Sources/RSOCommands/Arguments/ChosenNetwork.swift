import ArgumentParser
import RSOCheckpoints
import RSORuns
import RSOSearch
import RSOSystem

/// The network of a checkpoint, or the mean of the networks of several cycles.
package struct ChosenNetwork {
  /// The file; for a mean, the run directory.
  package let path: String
  /// Has no batch-norm statistics if they must be computed first.
  package let checkpoint: Checkpoint
  /// It is nil for a mean, because a mean is not a state of a search.
  package let stateSHA256: String?
  /// The cycles of a mean; nil for a single network.
  package let cycles: [Int]?
  /// The number of finished steps in the current cycle.
  package let steps: Int
  /// The criterion that `best.h5` was chosen by; nil for any other network.
  let criterion: Criterion?
  /// True if the checkpoint names the classes of its data, unless they are 0, 1, 2 ...
  let recordsNames: Bool
  /// The best cycle in words, if a run directory was named, `best.h5` is there, and this is another state; with
  /// the argument that names `best.h5`.
  private(set) var best: (text: String, argument: String)?
  /// Lines about files that were skipped to find the network.
  package let warnings: [String]

  /// Finds the network that `argument` names.
  ///
  /// - Parameters:
  ///   - count: If given, the argument is a run directory, and the network is the mean over its last
  ///     `count` cycles.
  ///   - choice: Which checkpoint of a run directory is taken if `count` is nil.
  ///
  /// *Throws:* `ValidationError` if `count` is given and `argument` is not a run directory; the
  /// errors of `FoundCheckpoint`.
  package init(
    _ argument: String, meanOfLast count: Int?, choosing choice: FoundCheckpoint.Choice
  ) throws {
    if let count {
      try self.init(meanOfLast: count, run: argument)
    } else {
      let found = try FoundCheckpoint(argument, choosing: choice)
      try self.init(found)
      let (paths, criterion) = (RunPaths(around: path), found.stored.criterion)
      if case .directory = try ArgumentPath(argument), FileSystem.exists(paths.best),
        let best = checkpoint.history.best(by: criterion),
        best.cycle != checkpoint.state.cursor.cycle || steps > 0
      {
        self.best = (DataText.best(best, by: criterion), "\(paths.directory)@best")
      }
    }
  }

  private init(_ found: FoundCheckpoint) throws {
    path = found.path
    steps = try found.stored.checkpoint.position().steps
    checkpoint = found.stored.checkpoint
    stateSHA256 = found.stored.stateSHA256
    cycles = nil
    let isBest = Path.name(of: path) == Path.name(of: RunPaths(around: path).best)
    criterion = isBest ? found.stored.criterion : nil
    recordsNames = found.stored.recordsNames
    warnings = try found.warnings()
  }

  private init(meanOfLast count: Int, run: String) throws {
    guard case .directory = try ArgumentPath(run) else {
      throw ValidationError(
        "--average \(count): \(quotedPath(run)) is not a run directory; name one")
    }
    let mean = try CheckpointStore(paths: RunPaths(directory: run)).mean(ofLast: count)
    path = run
    checkpoint = mean.checkpoint
    stateSHA256 = nil
    cycles = mean.cycles
    steps = 0
    criterion = nil
    recordsNames = mean.recordsNames
    warnings = []
  }

  /// The message before batch-norm statistics are computed.
  package var lackOfStatistics: String {
    (cycles == nil ? quotedPath(path) : "the mean of the weights")
      + " has no batch-norm statistics; computing them from the training set first"
  }

  /// The origin of the weights: `after 12 cycles`, `after 12 cycles and 40 steps`, `mean of cycles
  /// 31 to 50`.
  static func extent(cycle: Int, steps: Int, mean cycles: [Int]?) -> String {
    cycles.map { "mean of \($0.count == 1 ? "cycle" : "cycles") \(Numbers.ranges($0))" }
      ?? Numbers.place(cycles: cycle, steps: steps)
  }
}
