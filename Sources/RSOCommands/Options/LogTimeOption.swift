import ArgumentParser
import RSORuns

/// `--log-time`.
struct LogTimeOption: ParsableArguments {
  @Flag(help: "Begin each line about the progress with the time (UTC).")
  var logTime = false

  /// Returns a line with the time, if that is asked for.
  func line(_ text: String) -> String {
    logTime ? "\(Numbers.instant(RunClock.system.date()))  \(text)" : text
  }
}
