import RSOCheckpoints
import RSOExporters
import RSORuns
import RSOSearch
import RSOSystem

/// Writes a run into event files of TensorBoard: a step for the beginning and one for each finished cycle.
///
/// A step is one record, so that a killed process leaves whole steps. Steps that the directory has already are not
/// written again; those of a later state than the run's are superseded. A class, because a run's observer writes to
/// it from inside the run.
package final class EventLog {
  /// Weights of earlier cycles are read from at most this many checkpoints.
  private static let mostStates = 50
  /// The most bytes of records that are kept because they cannot be written. After that nothing more is written.
  private static let mostPending = 1 << 26

  private let directory: EventDirectory
  /// The run directory with the checkpoints of earlier cycles.
  private let states: RunPaths
  private let calls: FileCalls
  private var events: RunEvents?
  private var file: EventFile?
  /// Records that are not in the file yet.
  private var pending: [UInt8] = []
  /// The first step that was not written; nil before the run is known.
  private var next: Int?
  private var hasFailed = false
  private var isGivenUp = false
  /// The directory has the settings of the plan.
  private var isStated = false

  /// Reads what the directory holds. Nothing is made until `begin`, since the run may still be refused.
  ///
  /// - Parameters:
  ///   - runID: The identity of the run; nil for a run that has not begun.
  ///   - states: The run directory with the checkpoints of earlier cycles.
  ///
  /// *Throws:* `CommandError` if the directory holds another run, or cannot be read.
  package init(
    _ directory: String, runID: String?, states: RunPaths, calls: FileCalls = .system
  ) throws {
    self.directory = try EventDirectory(directory, runID: runID)
    self.states = states
    self.calls = calls
  }

  /// Makes the directory if it does not exist. Call it after the run directory is locked, so that an error comes
  /// before the training. What is written makes it, too.
  ///
  /// *Throws:* `CommandError.cannotMakeDirectory`.
  package func begin() throws { try directory.make() }

  /// Writes the steps of a run in progress that are not written yet. What fails is written with the next cycle.
  ///
  /// - Returns: The first error; nil if there was none, or it was returned before.
  package func follow(_ checkpoint: Checkpoint, time: Double) -> (any Error)? {
    if isGivenUp { return nil }
    do {
      try write(checkpoint, time: time)
      return nil
    } catch {
      if pending.count > Self.mostPending { (pending, isGivenUp) = ([], true) }
      defer { hasFailed = true }
      return hasFailed ? nil : error
    }
  }

  /// Writes the steps up to a checkpoint that are not written yet.
  ///
  /// - Parameter time: When the newest cycle ended, in seconds since 1970.
  ///
  /// *Throws:* `CommandError.cannotWrite`; `ArchitectureError`.
  package func write(_ checkpoint: Checkpoint, time: Double) throws {
    let events = try events ?? RunEvents(checkpoint.plan)
    self.events = events
    try state(events, of: checkpoint.provenance)
    let last = checkpoint.history.count
    let first: Int
    if let next {
      first = next
    } else {
      first = min(directory.steps.next, last + 1)
      let isAhead = directory.steps.reaches(last + 1)
      if first > last, !isAhead { return }
      // The first start of a session tells readers only that those in later files count.
      pending =
        TensorBoardEvent(time: time, step: 0, .fileVersion).record
        + TensorBoardEvent(time: time, step: first, .sessionStart).record
    }
    for event in self.steps(first..<(last + 1), of: checkpoint, events, time) {
      pending += event.record
    }
    next = last + 1
    try writePending(checkpoint.provenance, time: time)
  }

  /// Writes the settings again if the directory has others: those of the plan before the run was extended. Readers
  /// keep the first settings that they find.
  private func state(_ events: RunEvents, of run: Provenance) throws {
    defer { isStated = true }
    let beginning = events.beginning(nil, time: run.created)
    guard !isStated, let known = directory.steps.settings,
      known != TensorBoardSteps.firstValue(of: beginning)
    else { return }
    var file = try EventFile(
      path: directory.earlierFile(run.runID, host: run.host), calls: calls)
    try file.append(
      TensorBoardEvent(time: run.created, step: 0, .fileVersion).record
        + TensorBoardEvent(time: run.created, step: 0, .sessionStart).record + beginning.record)
  }

  private func writePending(_ run: Provenance, time: Double) throws {
    guard !pending.isEmpty else { return }
    if file == nil {
      try directory.make()
      file = try EventFile(
        path: directory.newFile(run.runID, time: time, host: run.host), calls: calls)
    }
    try file?.append(pending)
    pending = []
  }

  private func steps(
    _ steps: Range<Int>, of checkpoint: Checkpoint, _ events: RunEvents, _ time: Double
  ) -> [TensorBoardEvent] {
    let history = checkpoint.history
    let spacing = max(1, steps.count / Self.mostStates)
    let before = max(0, steps.lowerBound - 1)
    var updates = history.prefix(before).reduce(0) { $0 + $1.tallies.total.steps }
    var later = history.dropFirst(before).reduce(0) { $0 + $1.seconds }
    return steps.map { step in
      let isRead = (steps.upperBound - 1 - step).isMultiple(of: spacing)
      let state = isRead ? state(after: step, of: checkpoint, time) : nil
      guard step > 0 else {
        return events.beginning(state?.parameters, time: checkpoint.provenance.created)
      }
      let record = history[step - 1]
      updates += record.tallies.total.steps
      later -= record.seconds
      return events.cycle(
        record, updates: updates, parameters: state?.parameters,
        time: state?.time ?? time - later, isLast: step == history.count && checkpoint.isFinished)
    }
  }

  /// The parameters at the end of a cycle, and the time; nil if no file has them.
  private func state(
    after cycle: Int, of checkpoint: Checkpoint, _ time: Double
  ) -> (parameters: [Float], time: Double)? {
    if checkpoint.isCycleEnd, checkpoint.state.cursor.cycle == cycle {
      return (checkpoint.state.parameters, time)
    }
    return checkpoint.earlier(cycle: cycle, in: states).map {
      ($0.state.parameters, $0.provenance.saved)
    }
  }
}
