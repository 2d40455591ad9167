import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// `rso resume`: continues a run.
package struct ResumeCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso resume",
    abstract: "Continue a run as if it had never stopped.",
    discussion: """
      The result is what it would have been without the interruption, bit for bit. The options of the \
      plan may be repeated (see 'rso train --help'); a value other than the plan's is refused.
      """,
    version: Version.current)

  @Argument(
    help: "A run directory; a checkpoint; or RUN@40, for the state after cycle 40.",
    completion: .file())
  var path: String

  @OptionGroup(title: OptionTitle.length) var length: ListedOptions<PlannedLengthSection>
  @OptionGroup(title: OptionTitle.length) var extensionOption: ExtensionOption
  @OptionGroup(title: OptionTitle.files) var outputOption: BranchOption
  @OptionGroup(title: OptionTitle.files) var dataOptions: DataOptions
  @OptionGroup var runOptions: RunOptions

  @Flag(
    help:
      "Continue a run of another version of rso, or of a numeric path that this machine lacks.")
  var acceptDifferentBits = false

  // They only repeat what the run's plan says, so help does not list them.
  @OptionGroup(visibility: .hidden) var trained: TrainedOptions
  @OptionGroup(visibility: .hidden) var changes: ChangeOptions
  @OptionGroup(visibility: .hidden) var knobs: KnobOptions
  @OptionGroup(visibility: .hidden) var dataRequestOptions: DataRequestOptions

  package init() {}

  private var request: PlanRequest {
    PlanRequest(trained, length: length.texts, changes: changes, knobs: knobs)
  }

  package func validate() throws {
    if extensionOption.extend != nil, request.cycles == nil {
      throw ValidationError("--extend needs --cycles")
    }
  }

  package func run() throws {
    var ranks = RunRanks(connects: !runOptions.dryRun)
    let (source, checkpoint) = try ranks.preparing {
      let source = try ResumeSource(path: path, inPlace: outputOption.output == nil)
      if !ranks.isFollower { Self.warn(try source.found.warnings()) }
      return (source, try continued(source.stored))
    }
    let (stored, plan) = (source.stored, checkpoint.plan)
    let finished = checkpoint.state.cursor.cycle
    let run = outputOption.output ?? source.run
    if checkpoint.isFinished {
      var others = ranks
      try others.begin(nil)
      others.end()
      if ranks.isFollower { return }
    } else {
      try ranks.begin(plan)
    }
    if ranks.isFollower, runOptions.dryRun { return }
    let memory = try MemoryPlan(
      plan, threads: runOptions.threads.count, ranks: ranks.all, ranksHere: ranks.countHere)
    let training = Training(
      run: run, options: runOptions, data: dataOptions.data, workers: memory.workers, ranks: ranks)
    guard !checkpoint.isFinished else {
      if outputOption.output == nil, !runOptions.dryRun { complete(stored, of: source) }
      StandardStreams.say(
        "\(quotedPath(source.run)) is finished: " + Self.ending(checkpoint))
      return try answer(try training.summary(stored.checkpoint, of: source.run, on: nil))
    }
    if runOptions.dryRun {
      let graph = try StageGraph(plan.architecture)
      try answer(
        PlanPreview.text(
          plan, graph, memory: memory.summary,
          time: try runOptions.estimatedTime(of: plan, from: finished), run: run,
          retention: runOptions.settings.retention, finished: finished))
    }
    if !ranks.isFollower, let warning = try memory.check() { Self.warn(warning) }
    if runOptions.dryRun { return }
    let dataset = try dataOptions.load(
      for: plan.data, of: checkpoint.provenance, near: source.run,
      request: dataRequestOptions.request)
    if ranks.isFollower { return try training.follow(from: checkpoint, on: dataset) }
    if checkpoint.provenance.differentBits != stored.checkpoint.provenance.differentBits {
      Self.warn("from here on, the bits differ from those that the run would have had")
    }
    let log = try runOptions.passLog(cycle: finished + 1)
    let directory =
      try outputOption.output.map { try createRun(at: $0, locking: runOptions.locking) }
      ?? source.open(locking: runOptions.locking)
    if !directory.isLocked { Self.warnOfNoLock(run) }
    try log?.begin()
    if !runOptions.quiet {
      StandardStreams.say(
        "continuing \(plan.architecture.name) on \(printable(dataset.name)), seed \(plan.seed), "
          + "in cycle \(Numbers.grouped(finished + 1)) of "
          + "\(Numbers.grouped(plan.options.cycles)), in \(printable(run))")
    }
    let last = try training.run(from: checkpoint, on: dataset, in: directory, log: log)
    try answer(try training.summary(last, of: run, on: dataset))
    ranks.end()
  }

  /// The checkpoint with the plan that the options ask for.
  private func continued(_ stored: SealedCheckpoint) throws -> Checkpoint {
    var checkpoint = stored.checkpoint
    let finished = checkpoint.state.cursor.cycle
    if finished < request.cycles ?? checkpoint.plan.options.cycles, !checkpoint.isOutOfPatience {
      checkpoint = try stored.resumed(
        in: Evaluators.environment(preferring: checkpoint.plan.numericPath),
        acceptsDifferentBits: acceptDifferentBits)
    }
    checkpoint.plan = try extended(checkpoint.plan, finished: finished)
    return checkpoint
  }

  /// The reason why a run is finished, and how to train more if the plan allows it.
  private static func ending(_ checkpoint: Checkpoint) -> String {
    guard checkpoint.isOutOfPatience, let best = checkpoint.best else {
      let cycles = Numbers.count(checkpoint.state.cursor.cycle, "cycle")
      return "its plan ends after \(cycles); for more, use --cycles N --extend keep|rescale"
    }
    let waited = Numbers.count(checkpoint.history.count - best.cycle, "cycle")
    return "\(waited) brought no better \(checkpoint.criterion.title) than cycle \(best.cycle), "
      + "which is as long as --patience waits"
  }

  /// Writes the files of a finished run that are missing.
  private func complete(_ end: SealedCheckpoint, of source: ResumeSource) {
    let paths = RunPaths(directory: source.run)
    let store = CheckpointStore(paths: paths)
    var metrics = MetricsLog(path: paths.metrics)
    let lacksRows = metrics.lacksRows(of: end.checkpoint.history)
    guard store.lacksFiles(of: end) || lacksRows else { return }
    do {
      let directory = try source.open(locking: runOptions.locking)
      try withExtendedLifetime(directory) {
        try store.completeFiles(of: end)
        if lacksRows { try metrics.rewrite(end.checkpoint.history) }
      }
    } catch {
      Self.warn(reason(error))
    }
  }

  /// Returns the plan with the number of cycles that is asked for.
  ///
  /// *Throws:* `CommandError.planDiffers` if other options differ; `.needsExtension`.
  private func extended(_ plan: SearchPlan, finished: Int) throws -> SearchPlan {
    let differences = try request.differences(from: plan)
    guard differences.isEmpty else { throw CommandError.planDiffers(run: path, differences) }
    guard let cycles = request.cycles, cycles != plan.options.cycles else { return plan }
    guard let extend = extensionOption.extend else {
      throw CommandError.needsExtension(planned: plan.options.cycles, asked: cycles)
    }
    return try plan.extended(to: cycles, finished: finished, extend)
  }
}
