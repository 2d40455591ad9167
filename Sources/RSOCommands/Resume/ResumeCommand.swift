import ArgumentParser
import Foundation
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// `rso resume`: goes on with a run.
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
    help: "Run directory, or one of its checkpoints, also as RUN@40.", completion: .file())
  var path: String

  @OptionGroup(title: OptionTitle.length) var length: ListedOptions<PlannedLengthSection>
  @OptionGroup(title: OptionTitle.length) var extensionOption: ExtensionOption
  @OptionGroup(title: OptionTitle.files) var outputOption: BranchOption
  @OptionGroup(title: OptionTitle.files) var dataOptions: DataOptions
  @OptionGroup var runOptions: RunOptions

  @Flag(
    help: """
      Continue in another version of rso, or on another numeric path, than trained the run so far.
      """)
  var acceptDifferentBits = false

  // They only repeat what the run's plan says, so help does not list them.
  @OptionGroup(visibility: .hidden) var trained: TrainedOptions
  @OptionGroup(visibility: .hidden) var changes: ChangeOptions
  @OptionGroup(visibility: .hidden) var knobs: KnobOptions

  package init() {}

  private var request: PlanRequest {
    PlanRequest(trained, length: length.texts, changes: changes, knobs: knobs)
  }

  package func validate() throws {
    if extensionOption.extend != nil, request.cycles == nil {
      throw ValidationError("--extend says what --cycles does; give both")
    }
  }

  package func run() throws {
    let source = try ResumeSource(path: path, inPlace: outputOption.output == nil)
    for checkpoint in source.unreadable {
      StandardStreams.say("rso-resume: warning: \(checkpoint.reason)")
    }
    if source.isFallback {
      StandardStreams.say(
        "rso-resume: warning: going on from '\(source.checkpoint)', \(try source.place())")
    }
    let stored = source.stored
    let finished = stored.checkpoint.state.cursor.cycle
    var checkpoint = stored.checkpoint
    if finished < request.cycles ?? checkpoint.plan.options.cycles {
      checkpoint = try stored.resumed(
        in: Evaluators.environment(preferring: checkpoint.plan.numericPath),
        acceptsDifferentBits: acceptDifferentBits)
    }
    let plan = try extended(checkpoint.plan, finished: finished)
    checkpoint.plan = plan
    let run = outputOption.output ?? source.run
    let memory = try MemoryPlan(plan, threads: runOptions.threads.count)
    let training = Training(
      run: run, options: runOptions, data: dataOptions.data, workers: memory.workers)
    guard finished < plan.options.cycles else {
      if outputOption.output == nil, !runOptions.dryRun { complete(stored.checkpoint, of: source) }
      StandardStreams.say(
        "'\(source.run)' is finished: its plan ends after \(Numbers.count(finished, "cycle")); "
          + "more: --cycles N --extend keep|rescale")
      return try training.summarize(stored.checkpoint, of: source.run)
    }
    if runOptions.dryRun {
      let graph = try StageGraph(plan.architecture)
      try answer(
        PlanPreview.text(
          plan, graph, memory: memory.summary, run: run,
          retention: runOptions.settings.retention, finished: finished))
    }
    if let warning = try memory.check() { StandardStreams.say("rso-resume: warning: \(warning)") }
    if runOptions.dryRun { return }
    let dataset = try dataOptions.source.load(matching: plan.data, from: dataOptions.data)
    if checkpoint.provenance.differentBits != stored.checkpoint.provenance.differentBits {
      StandardStreams.say(
        "rso-resume: warning: the bits from here on are not those that the run would have had")
    }
    let log = try runOptions.passLog(cycle: finished + 1)
    let directory = try outputOption.output.map(createRun) ?? source.open()
    try log?.begin()
    if !runOptions.quiet {
      StandardStreams.say(
        "going on with \(plan.architecture.name) on \(dataset.name), seed \(plan.seed), "
          + "in cycle \(Numbers.grouped(finished + 1)) of "
          + "\(Numbers.grouped(plan.options.cycles)), in \(run)")
    }
    let last = try training.run(from: checkpoint, on: dataset, in: directory, log: log)
    try training.summarize(last, of: run)
  }

  /// Writes what the end of a run has and this one lacks.
  private func complete(_ end: Checkpoint, of source: ResumeSource) {
    let paths = RunPaths(directory: source.run)
    let store = CheckpointStore(paths: paths)
    var metrics = MetricsLog(path: paths.metrics)
    let lacksRows = metrics.lacksRows(of: end.history)
    guard store.lacksFiles(of: end) || lacksRows else { return }
    do {
      let directory = try source.open()
      try withExtendedLifetime(directory) {
        try store.completeFiles(of: end)
        if lacksRows { try metrics.rewrite(end.history) }
      }
    } catch {
      StandardStreams.say("rso-resume: warning: \(reason(error))")
    }
  }

  /// `plan` with the number of cycles asked for, provided that nothing else is.
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
