import RSOCheckpoints
import RSOSearch

/// The mean of a run's weights after some of its cycles.
///
/// *Paper:* not in RSO. A search moves around the weights that it has found, in steps as large as its
/// deviation. The mean of its positions has a lower loss than a single one (Polyak and Juditsky 1992;
/// for networks Izmailov and others, arXiv 1803.05407).
package struct CycleMean: Sendable {
  /// The checkpoint of the last cycle with the mean in place of its parameters. It has no batch-norm
  /// statistics, because those of the last cycle do not belong to the mean.
  package let checkpoint: Checkpoint
  /// In ascending order.
  package let cycles: [Int]
  /// True if the checkpoint names the classes of its data, unless they are 0, 1, 2 ...
  package let recordsNames: Bool
}

extension CheckpointStore {
  /// The mean over the newest `count` cycles that have a file. The beginning of the run is not a cycle.
  ///
  /// *Throws:* `RunError.tooFewCycles`; `RunError.noMean` if weights are restricted to a set, in which
  /// their mean is not; `RunError.otherRun`; `RunError.misnamed`; `CheckpointError`; the errors of
  /// `files()`.
  package func mean(ofLast count: Int) throws -> CycleMean {
    _ = try files()
    let there = paths.cycles().filter { $0 > 0 }
    guard count >= 1, count <= there.count else {
      throw RunError.tooFewCycles(path: paths.directory, asked: count, there: there.count)
    }
    let cycles = Array(there.suffix(count))
    let last = try end(ofCycle: cycles[count - 1])
    var checkpoint = last.checkpoint
    let weights = checkpoint.plan.options.weights
    guard weights == .real else {
      throw RunError.noMean(path: paths.directory, weights: weights.rawValue)
    }
    var sums = checkpoint.state.parameters.map(Double.init)
    for cycle in cycles.dropLast() {
      let other = try end(ofCycle: cycle).checkpoint
      guard other.provenance.runID == checkpoint.provenance.runID,
        other.state.parameters.count == sums.count
      else {
        throw RunError.otherRun(path: paths.cycle(cycle), of: paths.cycle(cycles[count - 1]))
      }
      for (index, value) in other.state.parameters.enumerated() { sums[index] += Double(value) }
    }
    checkpoint.state.parameters = sums.map { Float($0 / Double(count)) }
    checkpoint.statistics = nil
    return CycleMean(
      checkpoint: checkpoint, cycles: cycles, recordsNames: last.recordsNames)
  }

  private func end(ofCycle cycle: Int) throws -> SealedCheckpoint {
    let stored = try CheckpointReader.read(paths.cycle(cycle))
    let position = try stored.checkpoint.position()
    guard position == RunPosition(cycles: cycle, steps: 0) else {
      throw RunError.misnamed(path: paths.cycle(cycle), position: position)
    }
    return stored
  }
}
