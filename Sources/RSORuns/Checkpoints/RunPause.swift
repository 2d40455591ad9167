import RSOCheckpoints

/// A part of a run in which it was interrupted and resumed, as its checkpoints record it.
package struct RunPause: Sendable, Hashable {
  /// The cycles in which the run was resumed, from 1. Several, if the checkpoints between them are missing or
  /// were not read.
  package var cycles: ClosedRange<Int>
  /// The number of times that the run was resumed in these cycles.
  package var resumes: Int
  /// The time in these cycles that is not counted as training, in seconds: the pause, and lost work that was
  /// done again.
  package var seconds: Double

  package init(cycles: ClosedRange<Int>, resumes: Int, seconds: Double) {
    (self.cycles, self.resumes, self.seconds) = (cycles, resumes, seconds)
  }
}

extension RunPause {
  /// The most checkpoints that are read, because each takes a few milliseconds.
  private static let mostReads = 24

  /// Finds the pauses of a run. The number of resumes never falls from one checkpoint to the next, so
  /// the cycles between two checkpoints with the same number need not be read.
  ///
  /// *Complexity:* no checkpoint is read for a run that was never resumed; otherwise about log2(cycles) for
  /// each pause, at most 24.
  ///
  /// - Parameter newest: The run's newest state.
  package static func all(in paths: RunPaths, until newest: Checkpoint) -> [RunPause] {
    guard newest.provenance.resumes > 0 else { return [] }
    var search = Search(paths: paths, newest: newest)
    return search.pauses()
  }

  /// A state of the run.
  private struct Mark {
    /// Finished cycles.
    var cycle: Int
    var resumes: Int
    /// Seconds since 1970.
    var saved: Double
    /// Seconds of training until here.
    var trained: Double

    init(_ checkpoint: Checkpoint) {
      cycle = checkpoint.state.cursor.cycle
      resumes = checkpoint.provenance.resumes
      saved = checkpoint.provenance.saved
      trained =
        checkpoint.history.reduce(0) { $0 + $1.seconds } + checkpoint.provenance.secondsInCycle
    }
  }

  private struct Search {
    let paths: RunPaths
    let newest: Checkpoint
    var reads = 0

    init(paths: RunPaths, newest: Checkpoint) {
      (self.paths, self.newest) = (paths, newest)
    }

    mutating func pauses() -> [RunPause] {
      let end = Mark(newest)
      // The file of the newest state's own cycle may be older: a run can be resumed at the end of a cycle.
      let cycles = paths.cycles().filter { $0 < end.cycle || !newest.isCycleEnd }
      guard let first = cycles.first, let start = mark(first) else {
        let whole = max(0, end.saved - newest.provenance.created - end.trained)
        return [RunPause(cycles: 1...max(1, end.cycle), resumes: end.resumes, seconds: whole)]
      }
      return pauses(from: start, to: end, between: cycles.dropFirst())
    }

    private mutating func pauses(
      from start: Mark, to end: Mark, between cycles: ArraySlice<Int>
    ) -> [RunPause] {
      guard end.resumes > start.resumes else { return [] }
      if !cycles.isEmpty, reads < RunPause.mostReads {
        let middle = cycles.index(cycles.startIndex, offsetBy: cycles.count / 2)
        if let found = mark(cycles[middle]), found.resumes >= start.resumes,
          found.resumes <= end.resumes
        {
          return pauses(from: start, to: found, between: cycles[..<middle])
            + pauses(from: found, to: end, between: cycles[(middle + 1)...])
        }
      }
      let last = max(start.cycle + 1, end.cycle)
      let pause = max(0, end.saved - start.saved - (end.trained - start.trained))
      return [
        RunPause(
          cycles: (start.cycle + 1)...last, resumes: end.resumes - start.resumes, seconds: pause)
      ]
    }

    private mutating func mark(_ cycle: Int) -> Mark? {
      reads += 1
      guard let found = try? CheckpointReader.read(paths.cycle(cycle)).checkpoint,
        found.provenance.runID == newest.provenance.runID, found.state.cursor.cycle == cycle
      else { return nil }
      return Mark(found)
    }
  }
}
