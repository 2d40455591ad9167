import ArgumentParser
import RSORuns

/// The options of a run that change nothing of what it computes.
struct RunOptions: ParsableArguments {
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Save at least this often inside a cycle. "
        + "(default: \(Numbers.rate(RunSettings().saveInterval)))", valueName: "seconds"))
  var saveInterval: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoints of the last n cycles, and not those before. (default: all)",
      valueName: "n"))
  var keepLast: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoint of every nth cycle, and not those between.", valueName: "n"))
  var keepEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write where the time of each cycle went, by layer and pass.", valueName: "file.csv"))
  var perfLog: String?

  @Flag(
    name: .customLong("stop-at-eof"),
    help: "Stop as for SIGTERM when standard input ends, as it does with the program that feeds it."
  )
  var stopAtEOF = false

  @Flag(help: .noLock) var noLock = false

  @Flag(help: "Print what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  var locking: Locking { Locking(isOptional: noLock) }

  var settings: RunSettings {
    var settings = RunSettings()
    settings.saveInterval = saveInterval ?? settings.saveInterval
    settings.retention = Retention(keepLast: keepLast, keepEvery: keepEvery)
    return settings
  }

  /// The file of `--perf-log`, begun in the given cycle, from 1.
  func passLog(cycle: Int) throws -> PassLog? {
    try perfLog.map { try PassLog(path: $0, cycle: cycle) }
  }

  func validate() throws {
    if dryRun, json { throw ValidationError("--json: a dry run has no summary to print") }
    do { try settings.validate() } catch { throw ValidationError("\(error)") }
  }
}
