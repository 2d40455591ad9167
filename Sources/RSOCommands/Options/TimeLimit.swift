import ArgumentParser
import RSORuns

/// The option `--max-time`.
struct TimeLimitOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Save and end with status \(ExitStatus.timeIsUp) after this time: 3:50:00, or 1-12:00:00 with "
        + "days. (default: no limit)", valueName: "time"), transform: OptionText.duration)
  var maxTime: Double?

  /// The limit, counted from the moment at which it is asked for.
  var limit: TimeLimit { TimeLimit(seconds: maxTime) }
}

/// The moment at which a program stops by itself and saves, so that it can be started again.
struct TimeLimit {
  /// Seconds on the monotonic clock; nil for no limit.
  private let deadline: Double?

  /// - Parameter seconds: From now on; nil for no limit.
  init(seconds: Double?) {
    deadline = seconds.map { RunClock.system.elapsed() + $0 }
  }

  /// Starts a thread that asks the program to stop at the deadline. Without a limit it does nothing.
  ///
  /// *Throws:* `RunError.noThread`.
  func watch(with interruption: Interruption) throws {
    guard let deadline else { return }
    try interruption.watchTime(max(0, deadline - RunClock.system.elapsed()))
  }
}
