import ArgumentParser
import Glibc
import RSORanks
import RSORuns
import RSOSystem

/// `rso sweep`: trains a grid of runs.
package struct SweepCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso sweep",
    abstract: "Train with every combination of some options and seeds.",
    discussion: """
      The file says which options of 'rso train' to vary, and with which seeds. Each combination has \
      its own run directory. The same command continues an interrupted sweep; finished runs are not \
      repeated. Tasks of a job array can train a cell each.
      """,
    version: Version.current)

  private static let mostJobs = 256

  @Argument(
    help: ArgumentHelp("A JSON file that describes the sweep.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The sweep's directory. (default: runs/NAME, or runs/NAME-scaled)", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(help: "Train the file's scaled form, which is cheaper.")
  var scaled = false

  @Option(
    help: ArgumentHelp(
      "The data set of all runs, as for 'rso train', instead of the file's.", valueName: "data"),
    completion: .data)
  var data: String?

  @Option(
    help: ArgumentHelp("The number of runs at a time. They share the threads.", valueName: "n"),
    transform: OptionText.whole(1...mostJobs))
  var jobs = 1

  @OptionGroup var parts: SweepPartOptions
  @OptionGroup var time: TimeLimitOption
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var device: DeviceOptions
  @OptionGroup var curves: TensorBoardOption

  @Flag(help: .noLock) var noLock = false

  @Flag(help: "Print what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Print the results as JSON.")
  var json = false

  @OptionGroup var log: LogTimeOption

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if output == "" { throw ValidationError("invalid output '': expected the path of a directory") }
    if dryRun, json {
      throw ValidationError("--json: a dry run has no results to print; leave out one of them")
    }
  }

  package func run() throws {
    let limit = time.limit
    if let launch = Launch(PathText.environment) {
      throw CommandError.sweepOnRanks(count: launch.count)
    }
    let definition = try self.definition()
    if parts.cells { return try answer("\(definition.cells.count)\n") }
    let path = output ?? "runs/\(definition.name)\(scaled ? "-scaled" : "")"
    var plan = try SweepPlan(
      parts.part(of: definition, file: file), path: file, directory: path)
    if dryRun {
      try plan.look()
      try answer(SweepPreview.text(plan, directory: path))
      return try warn(of: plan)
    }
    if parts.collect { return try collect(plan, in: path) }
    if parts.cell == nil {
      let directory = try take(path)
      try plan.look()
      try warn(of: plan)
      try DurableFile.write(Array(try definition.json().utf8), to: directory.paths.definition)
      try work(on: plan, in: directory.paths, until: limit)
    } else {
      let paths = try creating(path) {
        try SweepDirectory.join(
          at: path, definition: Array(try definition.json().utf8),
          locking: Locking(isOptional: noLock))
      }
      try plan.look()
      try warn(of: plan)
      try work(on: plan, in: paths, until: limit)
    }
  }

  /// Saves and prints the results of all runs as they are.
  ///
  /// *Throws:* `CommandError.nothingBegun`.
  private func collect(_ plan: SweepPlan, in path: String) throws {
    var plan = plan
    guard FileSystem.exists(SweepPaths(directory: path).definition) else {
      throw CommandError.nothingBegun(sweep: path)
    }
    let directory = try take(path)
    try plan.look()
    let results = try SweepResults(
      plan.definition, runs: plan.runs, isScaled: scaled, directory: path)
    try results.save(to: directory.paths)
    try writeCurves(of: plan.runs)
    try answer(results)
  }

  /// Writes the curves of runs that have begun. A file that cannot be written is a warning.
  private func writeCurves(of runs: [SweepRun]) throws {
    guard let directory = curves.tensorboard else { return }
    for run in runs {
      do {
        try run.writeCurves(in: directory)
      } catch CommandError.cannotWrite(let path, let reason) {
        Self.warn("\(CommandError.cannotWrite(path, reason: reason))")
      }
    }
  }

  private func answer(_ results: SweepResults) throws {
    try answer(json ? try JSONText.encode(results.json) : results.text)
  }

  private func definition() throws -> SweepDefinition {
    let content = try SweepFile(path: file, scaled: scaled, data: data)
    do {
      return try SweepCells.definition(of: content)
    } catch {
      throw CommandError.badSweep(file, reason: "\(error)")
    }
  }

  private func warn(of plan: SweepPlan) throws {
    if let warning = try plan.memoryWarning(
      jobs: jobs, threads: threads.count, on: device.device, path: file,
      say: { if !quiet { StandardStreams.say(log.stamp.line($0)) } })
    {
      Self.warn(warning)
    }
  }

  /// Trains the runs that are not finished, and prints the results. Those of a whole sweep are saved too.
  ///
  /// *Throws:* `ExitCode` after an interruption, and with the status of the first run that failed.
  private func work(on plan: SweepPlan, in paths: SweepPaths, until limit: TimeLimit) throws {
    let definition = plan.definition
    let (isScaled, isWhole) = (scaled, parts.cell == nil)
    let display = SweepDisplay(
      name: definition.name, jobs: jobs, isQuiet: quiet, stamp: log.stamp)
    let results: @Sendable ([SweepRun]) throws -> SweepResults = { runs in
      try SweepResults(definition, runs: runs, isScaled: isScaled, directory: paths.directory)
    }
    // A run that is finished does not start, so its curves are written here.
    try writeCurves(of: plan.runs.filter(\.isFinished))
    let interruption = Interruption()
    // The runs have their own time to save, even if a second signal ends this process.
    interruption.whenUnanswered { _ in }
    let hear: @Sendable (Bool) -> Void = { isHeard in
      if !isHeard, interruption.signal == nil { interruption.receive(SIGPIPE) }
    }
    let runner = SweepRunner(
      plan.runs,
      program: SweepProgram(
        isUnlocked: noLock, device: device.device, curves: curves.tensorboard),
      jobs: jobs, threads: threads.count, isQuiet: quiet || display.isLive,
      changed: { runs in
        guard isWhole else { return }
        // A failure is only a warning here: the files are written again at the end.
        do { try results(runs).save(to: paths) } catch {
          hear(display.say("\(Self.program): warning: \(reason(error))"))
        }
      },
      show: { hear(display.draw($0, running: $1, stopped: $2)) },
      say: { hear(display.say($0)) })
    try interruption.watch()
    try limit.watch(with: interruption)
    defer { display.erase() }
    let (runs, failures) = try runner.run { interruption.signal }
    display.erase()
    if let signal = interruption.signal {
      let cause = signal == Interruption.timeIsUp ? "the time is over" : "interrupted"
      StandardStreams.say("\(cause); continue with: \(continuation(in: paths.directory))")
      throw ExitCode(ExitStatus.signal(signal))
    }
    let all = try results(runs)
    if isWhole { try all.save(to: paths) }
    for failure in failures {
      StandardStreams.say(
        "\(Self.program): \(quotedPath(failure.run.path)) ended with status \(failure.status)")
    }
    try answer(all)
    if let status = failures.first?.status { throw ExitCode(status) }
  }

  /// Returns the command that continues the sweep.
  private func continuation(in directory: String) -> String {
    let words =
      [shellQuoted(file)] + (scaled ? ["--scaled"] : [])
      + (data.map { ["--data", shellQuoted($0)] } ?? [])
      + (curves.tensorboard.map { ["--tensorboard", shellQuoted($0)] } ?? [])
      + (device.device == .processor ? [] : ["--device", "\(device.device)"])
      + ["-o", shellQuoted(directory)] + (parts.cell.map { ["--cell", "\($0)"] } ?? [])
    return "rso sweep \(words.joined(separator: " "))"
  }

  private func take(_ path: String) throws -> SweepDirectory {
    let directory = try creating(path) {
      try SweepDirectory.take(at: path, locking: Locking(isOptional: noLock))
    }
    if !directory.isLocked { Self.warnOfNoLock(path) }
    return directory
  }

  /// Calls `make`, and names the directory if the system refuses it.
  private func creating<Result: ~Copyable>(
    _ path: String, _ make: () throws -> Result
  ) throws -> Result {
    do { return try make() } catch let error as RunError {
      guard case .system(let cause) = error else { throw error }
      throw CommandError.cannotMakeDirectory(path, reason: cause.reason)
    } catch {
      throw CommandError.cannotMakeDirectory(path, reason: reason(error))
    }
  }
}

extension SweepResults {
  fileprivate func save(to paths: SweepPaths) throws {
    try DurableFile.write(Array(resultsCSV.utf8), to: paths.results)
    try DurableFile.write(Array(summaryCSV.utf8), to: paths.summary)
  }
}
