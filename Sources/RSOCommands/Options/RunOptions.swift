import ArgumentParser
import Foundation

/// The options of a run that change nothing of what it computes.
struct RunOptions: ParsableArguments {
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Save at least this often inside a cycle. (default: 60)", valueName: "seconds"))
  var saveInterval: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoints of the last n cycles only. (default: all)", valueName: "n"))
  var keepLast: Int?

  @Option(help: ArgumentHelp("Keep the checkpoint of every nth cycle too.", valueName: "n"))
  var keepEvery: Int?

  @Flag(help: "Print what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if let saveInterval, !(saveInterval > 0) {
      throw ValidationError("--save-interval \(saveInterval): expected a number above 0")
    }
    if let keepLast, keepLast < 1 {
      throw ValidationError("--keep-last \(keepLast): expected 1 or more")
    }
    if let keepEvery, keepEvery < 1 {
      throw ValidationError("--keep-every \(keepEvery): expected 1 or more")
    }
  }
}
