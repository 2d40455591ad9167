import RSOCheckpoints
import RSOSearch

/// The mean of a run's weights after some of its cycles.
///
/// Not in the paper. A search goes on wandering about the weights that it has found, by steps as large
/// as its deviation; the middle of its way loses less than where it happens to stand (Polyak and
/// Juditsky 1992; for networks Izmailov and others, arXiv 1803.05407).
package struct CycleMean: Sendable {
  /// The last of the cycles' checkpoints, with the mean for its parameters, and without statistics:
  /// those of its batch norms are not the mean's.
  package let checkpoint: Checkpoint
  /// In ascending order.
  package let cycles: [Int]
}

extension CheckpointStore {
  /// The mean over the newest `count` cycles whose files are there; the beginning is none.
  ///
  /// *Throws:* `RunError.tooFewCycles`; `RunError.noMean` where weights are restricted to a set, which a
  /// mean would leave; `RunError.otherRun`; `RunError.misnamed`; `CheckpointError`; what `files()` does.
  package func mean(ofLast count: Int) throws -> CycleMean {
    _ = try files()
    let there = paths.cycles().filter { $0 > 0 }
    guard count >= 1, count <= there.count else {
      throw RunError.tooFewCycles(path: paths.directory, asked: count, there: there.count)
    }
    let cycles = Array(there.suffix(count))
    var checkpoint = try end(ofCycle: cycles[count - 1])
    let weights = checkpoint.plan.options.weights
    guard weights == .real else {
      throw RunError.noMean(path: paths.directory, weights: weights.rawValue)
    }
    var sums = checkpoint.state.parameters.map(Double.init)
    for cycle in cycles.dropLast() {
      let other = try end(ofCycle: cycle)
      guard other.provenance.runID == checkpoint.provenance.runID,
        other.state.parameters.count == sums.count
      else {
        throw RunError.otherRun(path: paths.cycle(cycle), of: paths.cycle(cycles[count - 1]))
      }
      for (index, value) in other.state.parameters.enumerated() { sums[index] += Double(value) }
    }
    checkpoint.state.parameters = sums.map { Float($0 / Double(count)) }
    checkpoint.statistics = nil
    return CycleMean(checkpoint: checkpoint, cycles: cycles)
  }

  private func end(ofCycle cycle: Int) throws -> Checkpoint {
    let checkpoint = try CheckpointReader.read(paths.cycle(cycle)).checkpoint
    let place = try checkpoint.place()
    guard place == [cycle, 0] else {
      throw RunError.misnamed(path: paths.cycle(cycle), place: place)
    }
    return checkpoint
  }
}
