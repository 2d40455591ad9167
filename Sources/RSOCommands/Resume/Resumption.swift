import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// The continuation of a run, for `rso resume` and `rso train --resume`.
struct Resumption {
  let verb: any Verb
  /// The run directory or checkpoint.
  let path: String
  /// Options of the plan, which may only repeat what it says.
  let request: PlanRequest
  let extend: PlanExtension?
  /// A new run directory; nil to continue in the old one.
  let output: String?
  let data: DataOptions
  let dataRequest: DataRequest
  let options: RunOptions
  let acceptsDifferentBits: Bool

  func run() throws {
    let limit = options.time.limit
    var ranks = RunRanks(connects: !options.dryRun, groups: options.machine.rankGroups)
    let (source, device, checkpoint, objective) = try ranks.preparing {
      let source = try ResumeSource(path: path, inPlace: output == nil)
      if !ranks.isFollower { type(of: verb).warn(try source.found.warnings()) }
      let device = try chosenDevice(for: source.stored.checkpoint, ranks)
      let checkpoint = try continued(source, on: device)
      return (
        source, device, checkpoint,
        try StartedObjective(
          checkpoint.plan, ranks: ranks, options: options,
          starts: !options.dryRun && !checkpoint.isFinished)
      )
    }
    let (stored, plan) = (source.stored, checkpoint.plan)
    let finished = checkpoint.state.cursor.cycle
    let run = output ?? source.run
    if checkpoint.isFinished {
      var others = ranks
      try others.begin(nil, continues: true)
      others.end()
      if ranks.isFollower { return }
    } else {
      try ranks.begin(plan, continues: true)
    }
    if ranks.isFollower, options.dryRun { return }
    let memory = try MemoryPlan(
      plan, threads: options.threads.count, ranks: ranks.groups.own, ranksHere: ranks.countHere,
      backends: device.backends, mostWorkers: device.mostWorkers)
    let training = Training(
      run: run, options: options, device: device, data: data.data,
      workers: options.workers(memory, ranks), ranks: ranks, limit: limit, objective: objective)
    guard !checkpoint.isFinished else {
      if !options.dryRun { complete(stored, of: source) }
      if !options.dryRun,
        let failure = try eventLog(of: checkpoint, from: source)?
          .follow(checkpoint, time: checkpoint.provenance.saved)
      {
        type(of: verb).warn(reason(failure))
      }
      StandardStreams.say(
        "\(quotedPath(source.run)) is finished: " + Self.ending(checkpoint))
      return try verb.answer(try training.summary(stored.checkpoint, of: source.run, on: nil))
    }
    if options.dryRun {
      let graph = try StageGraph(plan.architecture)
      try verb.answer(
        try PlanPreview.text(
          plan, graph, device: try device.text(on: plan, memory.estimate), memory: memory.summary,
          time: try options.estimatedTime(of: plan, on: device, from: finished), run: run,
          retention: options.settings.retention, finished: finished))
    }
    if !ranks.isFollower, let warning = try memory.check() { type(of: verb).warn(warning) }
    if options.dryRun { return }
    let dataset = try data.load(
      for: plan.data, of: checkpoint.provenance, near: source.run,
      request: dataRequest)
    if ranks.isFollower { return try training.follow(from: checkpoint, on: dataset) }
    if checkpoint.provenance.differentBits != stored.checkpoint.provenance.differentBits {
      type(of: verb).warn("from here on, the bits differ from those that the run would have had")
    }
    let log = try options.passLog(cycle: finished + 1)
    let events = try eventLog(of: checkpoint, from: source)
    let directory =
      try output.map { try createRun(at: $0, locking: options.locking) }
      ?? source.open(locking: options.locking)
    if !directory.isLocked { type(of: verb).warnOfNoLock(run) }
    try log?.begin()
    try events?.begin()
    if !options.quiet {
      StandardStreams.say(
        options.log.stamp.line(
          "continuing \(plan.architecture.name) on \(printable(dataset.name)), seed \(plan.seed), "
            + "in cycle \(Numbers.grouped(finished + 1)) of "
            + "\(Numbers.grouped(plan.options.cycles)), in \(printable(run))"))
    }
    let last = try training.run(
      from: checkpoint, on: dataset, in: directory,
      earlier: output == nil ? nil : RunPaths(directory: source.run), log: log, events: events)
    try verb.answer(try training.summary(last, of: run, on: dataset))
    objective.process?.end()
    ranks.end()
  }

  /// Returns the device for the rest of the run; the processor if nothing is left.
  private func chosenDevice(for checkpoint: Checkpoint, _ ranks: RunRanks) throws -> ChosenDevice {
    hasMore(checkpoint) ? try options.chosenDevice(for: checkpoint.plan, ranks) : .processor
  }

  private func hasMore(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.state.cursor.cycle < request.cycles ?? checkpoint.plan.options.cycles
      && !checkpoint.isOutOfPatience
  }

  /// The checkpoint with the plan that the options ask for.
  ///
  /// *Throws:* `CommandError`; `ArchitectureError.noNetwork`; `RunError` for bits that this program does not have.
  private func continued(_ source: ResumeSource, on device: ChosenDevice) throws -> Checkpoint {
    let stored = source.stored
    var checkpoint = stored.checkpoint
    let objective = checkpoint.plan.options.objectiveCommand
    // No command stands for the objective of a program that uses rso as a library.
    if objective.name != nil, hasMore(checkpoint) || request.texts["objective"] != nil {
      throw CommandError.objectiveNotGiven(run: quotedPath(path), objective)
    }
    try checkpoint.plan.architecture.requireNetwork()
    let finished = checkpoint.state.cursor.cycle
    if hasMore(checkpoint) {
      checkpoint = try stored.resumed(
        in: Evaluators.environment(preferring: checkpoint.plan.numericPath, on: device),
        acceptsDifferentBits: acceptsDifferentBits)
    }
    let hadEnded = checkpoint.isFinished
    checkpoint.plan = try extended(checkpoint, finished: finished)
    if hadEnded, !checkpoint.isFinished, checkpoint.testsAtEnd {
      checkpoint.provenance.testedEnds += 1
    }
    // A file alone never makes rso run a command.
    if !checkpoint.isFinished, checkpoint.plan.options.loss == .program,
      request.texts["objective"] == nil
    {
      throw CommandError.objectiveNotGiven(run: quotedPath(path), objective)
    }
    if checkpoint.isFinished, let output {
      throw CommandError.nothingLeft(
        checkpoint: source.found.path, ending: Self.ending(checkpoint), output: output)
    }
    return checkpoint
  }

  /// The reason why a run is finished, and how to train more if the plan allows it.
  private static func ending(_ checkpoint: Checkpoint) -> String {
    guard checkpoint.isOutOfPatience, let best = checkpoint.best else {
      let cycles = Numbers.count(checkpoint.state.cursor.cycle, "cycle")
      let isLibrary = checkpoint.plan.options.objectiveCommand.name != nil
      return "its plan ends after \(cycles); for more, "
        + (isLibrary
          ? "continue it with the program that computes its objective"
          : "use --cycles N --extend keep|rescale")
    }
    let waited = Numbers.count(checkpoint.history.count - best.cycle, "cycle")
    return "\(waited) brought no better \(checkpoint.criterion.title) than cycle \(best.cycle), "
      + "which is as long as --patience waits; for more, begin a new run from its weights with --init"
  }

  private func eventLog(of checkpoint: Checkpoint, from source: ResumeSource) throws -> EventLog? {
    try options.eventLog(
      runID: checkpoint.provenance.runID, states: RunPaths(directory: source.run))
  }

  /// Writes the files of a finished run that are missing.
  private func complete(_ end: SealedCheckpoint, of source: ResumeSource) {
    let paths = RunPaths(directory: source.run)
    let store = CheckpointStore(paths: paths)
    var metrics = MetricsLog(path: paths.metrics)
    let lacksRows = metrics.lacksRows(of: end.checkpoint.history)
    guard store.lacksFiles(of: end) || lacksRows else { return }
    do {
      let directory = try source.open(locking: options.locking)
      try withExtendedLifetime(directory) {
        try store.completeFiles(of: end)
        if lacksRows { try metrics.rewrite(end.checkpoint.history) }
      }
    } catch {
      type(of: verb).warn(reason(error))
    }
  }

  /// Returns the plan with the number of cycles that is asked for.
  ///
  /// *Throws:* `CommandError.planDiffers` if other options differ; `.needsExtension`.
  private func extended(_ checkpoint: Checkpoint, finished: Int) throws -> SearchPlan {
    let plan = checkpoint.plan
    let differences = try request.differences(from: plan)
    guard differences.isEmpty else {
      throw CommandError.planDiffers(run: path, differences, newRun: newRun(checkpoint))
    }
    guard let cycles = request.cycles, cycles != plan.options.cycles else { return plan }
    guard let extend else {
      throw CommandError.needsExtension(planned: plan.options.cycles, asked: cycles)
    }
    return try plan.extended(to: cycles, finished: finished, extend)
  }

  /// The command that begins a new run from the weights, on the same data and with the objective that the options
  /// ask for.
  private func newRun(_ checkpoint: Checkpoint) -> String {
    let objective = request.texts["objective"].flatMap { $0 == "none" ? nil : $0 }
    let words =
      ["rso", "train", "--init", path]
      + TrainingCommands.data(of: checkpoint, at: data.data, request: dataRequest)
      + (objective.map { ["--objective", $0] } ?? [])
    return words.map { shellQuoted(printable($0)) }.joined(separator: " ")
  }
}
