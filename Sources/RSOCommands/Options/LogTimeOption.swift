import ArgumentParser

/// `--log-time`.
struct LogTimeOption: ParsableArguments {
  @Flag(help: "Begin each line about the progress with the time (UTC).")
  var logTime = false

  var stamp: LineStamp { LineStamp(hasTime: logTime) }
}
