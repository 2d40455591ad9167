import ArgumentParser
import Glibc
import RSOCheckpoints
import RSORuns
import RSOSystem

/// `rso report`: writes a page about runs.
package struct ReportCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso report",
    abstract: "Write one page about runs, with curves, layers, answers and provenance.",
    discussion: """
      The page is one HTML file that needs no network and no other file. It shows one run, compares several, \
      or shows a sweep, a checkpoint or the tensors of another program's file. If the data of a run are \
      found, its network is evaluated: on the validation set, and on the test set.
      """,
    version: Version.current)

  /// Seconds after which a page of a run in progress loads itself again.
  private static let refresh = 5

  @Argument(
    help: ArgumentHelp(
      "Run directories, checkpoints, RUN@40, directories of sweeps, or files of other programs.",
      valueName: "path"),
    completion: .run)
  var paths: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The page to write; '-' is standard output. Needed unless --json is given.",
      valueName: "file.html"), completion: .file(extensions: ["html"]))
  var output: String?

  @Flag(help: "Replace an existing file.")
  var force = false

  @Flag(
    help: "Write the page again after every cycle until the runs in progress have ended.")
  var follow = false

  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the same numbers as one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if output == nil, !json {
      throw ValidationError("missing output: name a file with -o, such as -o report.html")
    }
    if force, output == nil { throw ValidationError("--force needs --output") }
    if follow, output == nil || output == "-" || json {
      throw ValidationError("--follow needs a file, and excludes --json; name one with -o")
    }
    if json, output == "-" {
      throw ValidationError("--json and -o - both write to standard output; leave out one of them")
    }
  }

  package func run() throws {
    let target = output.map { OutputFile(path: $0, replaces: force) }
    try target?.check()
    if follow, let target { return try follow(target) }
    let content = try reader(isQuiet: quiet).content(of: paths, date: RunClock.system.date())
    if let target { try write(Array(ReportPage(content).text.utf8), to: target) }
    if json { try answer(content.json()) }
  }

  /// - Parameter isQuiet: Nothing is said about what is done. Warnings are.
  private func reader(isQuiet: Bool, warns: Bool = true) -> ReportReader {
    ReportReader(
      data: dataOptions, threads: threads, say: { if !isQuiet { StandardStreams.say($0) } },
      warn: { if warns { Self.warn($0) } })
  }

  // MARK: Following

  /// Writes the page after every cycle, and once more when no run is in progress.
  ///
  /// *Throws:* `ExitCode` after a signal. The page then does not load itself again.
  private func follow(_ target: OutputFile) throws {
    let interruption = Interruption(grace: 30)
    try interruption.watch()
    let watched = try paths.flatMap { try SweepHistory.places(in: $0) ?? [$0] }
    var known: [Int] = []
    var isFirst = true
    while true {
      // Before the runs are read: what they save meanwhile makes another page.
      let before = state(of: watched)
      let reader = reader(isQuiet: quiet || !isFirst, warns: isFirst)
      var newest = try reader.read(paths, date: RunClock.system.date())
      let isLive = newest.isInProgress && interruption.signal == nil
      let cycles = newest.runs.map(\.history.cycles.count)
      if isFirst || !isLive || cycles != known {
        try reader.complete(&newest)
        let page = ReportPage(newest, refresh: isLive ? Self.refresh : nil)
        try target.write(Array(page.text.utf8))
      }
      (known, isFirst) = (cycles, false)
      if !isLive { break }
      repeat { usleep(200_000) } while state(of: watched) == before && interruption.signal == nil
    }
    if let signal = interruption.signal { throw ExitCode(ExitStatus.signal(signal)) }
  }

  /// Changes when a run is saved, begins or ends.
  private func state(of runs: [String]) -> [String] {
    runs.map { run in
      let newest = try? CheckpointReader.header(RunPaths(directory: run).last)
      return "\(newest?.sha256 ?? "") \(RunDirectory.isInUse(at: run))"
    }
  }
}
