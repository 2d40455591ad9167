import ArgumentParser
import RSORuns
import RSOSearch

/// The options of a run that do not change what it computes.
struct RunOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.length) var time: TimeLimitOption
  @OptionGroup(title: OptionTitle.files) var files: FileOptions
  @OptionGroup(title: OptionTitle.files) var curves: TensorBoardOption
  @OptionGroup(title: OptionTitle.machine) var machine: MachineOptions
  @OptionGroup(title: OptionTitle.machine) var objective: ObjectiveOptions

  @Flag(help: "Print what the run would do and the memory it needs, and do nothing.")
  var dryRun = false

  @Flag(
    help: ArgumentHelp(
      "Measure the test set after each cycle, not only once at the end. Without a validation set, "
        + "that is always done."))
  var testEachCycle = false

  @OptionGroup var log: LogTimeOption

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print no progress. Warnings and errors are still printed.")
  var quiet = false

  var locking: Locking { Locking(isOptional: machine.noLock) }
  var threads: ThreadOptions { machine.threads }
  var device: DeviceChoice { machine.device.device }
  var stopAtEOF: Bool { machine.stopAtEOF }

  var settings: RunSettings {
    var settings = RunSettings()
    settings.saveInterval = files.saveInterval ?? settings.saveInterval
    settings.retention = Retention(keepLast: files.keepLast, keepEvery: files.keepEvery)
    settings.testsEachCycle = testEachCycle
    return settings
  }

  /// Returns what computes the run of a plan, and says so if the user has chosen it.
  ///
  /// *Throws:* as `DeviceChooser.chosen`.
  func chosenDevice(for plan: SearchPlan, _ ranks: RunRanks) throws -> ChosenDevice {
    let speaks = !quiet && !ranks.isFollower
    let say: (String) -> Void = { if speaks { StandardStreams.say(log.stamp.line($0)) } }
    let chosen = try DeviceChooser(ranks.launch, say: say).chosen(
      device, for: plan, threads: threads.count)
    if let remark = chosen.remark { say(remark) }
    return chosen
  }

  /// The number of evaluators that share this process's threads.
  func workers(_ memory: MemoryPlan, _ ranks: RunRanks) -> Int {
    // Only one evaluator can time its passes.
    ranks.workers(files.perfLog == nil ? memory.workers : 1)
  }

  /// The file of `--perf-log`, whose first cycle is `cycle`, counted from 1.
  func passLog(cycle: Int) throws -> PassLog? {
    try files.perfLog.map { try PassLog(path: $0, cycle: cycle) }
  }

  /// The event files of `--tensorboard`; see `EventLog.init`.
  func eventLog(runID: String?, states: RunPaths) throws -> EventLog? {
    try curves.tensorboard.map { try EventLog($0, runID: runID, states: states) }
  }

  func validate() throws {
    if dryRun, json { throw ValidationError("--json: a dry run has no summary to print") }
  }
}
