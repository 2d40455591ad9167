import RSONetworks

/// The file of `--perf-log`: the time of each cycle by layer and pass, as CSV.
final class PassLog {
  // A class, because a run's observer writes to it from inside the run.
  let times = PassTimes()
  private let file: TextOutput
  private let clock = ContinuousClock()
  private var started: ContinuousClock.Instant
  /// The cycle under way, from 1.
  private var cycle: Int

  /// Opens the file. Its content stays until `begin`, since the run may still be refused.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  init(path: String, cycle: Int) throws {
    self.cycle = cycle
    started = clock.now
    file = try TextOutput(path: path)
  }

  /// Empties the file and writes the header. Call it after the run directory is locked. Time counts
  /// from here.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  func begin() throws {
    started = clock.now
    try file.empty()
    try file.write("cycle,layer,pass,seconds,count\n")
  }

  /// Writes the times of the current cycle. Call it when the cycle ends or the process stops.
  ///
  /// - Returns: The error, if the file cannot be written.
  func finishCycle() -> CommandError? {
    let now = clock.now
    let text = Self.text(times.take(), cycle: cycle, seconds: (now - started) / .seconds(1))
    (cycle, started) = (cycle + 1, now)
    do {
      try file.write(text)
      return nil
    } catch {
      return error
    }
  }

  /// A line for each row, and one for the rest of the time.
  private static func text(_ rows: [PassTimes.Row], cycle: Int, seconds: Double) -> String {
    let rest = seconds - rows.reduce(0) { $0 + $1.seconds }
    let other = PassTimes.Row(layer: nil, pass: "other", seconds: max(0, rest), count: 1)
    return (rows + [other]).map { row in
      "\(cycle),\(row.layer ?? ""),\(row.pass),\(Numbers.fixed(row.seconds, 6)),\(row.count)\n"
    }.joined()
  }
}
