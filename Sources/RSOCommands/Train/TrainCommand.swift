import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch
import RSOSystem

/// `rso train`: starts a run.
package struct TrainCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso train",
    abstract: "Train a network.",
    discussion: """
      Makes a run directory, searches the weights of a network, and saves the state regularly. \
      'rso resume RUN' continues an interrupted run. Without --preset and --arch, the network is \
      the one in the file of --init, otherwise \(Architecture.presetNames[0]). With --arch and \
      no option that says how weights are searched, these options fit the data; --dry-run shows them.
      """,
    version: Version.current)

  @OptionGroup var trained: TrainedOptions
  @OptionGroup(title: OptionTitle.network) var dataOptions: DataOptions
  @OptionGroup(title: OptionTitle.data) var dataRequestOptions: DataRequestOptions
  @OptionGroup(title: OptionTitle.network) var initOption: InitOption
  @OptionGroup(title: OptionTitle.length) var length: ListedOptions<LengthSection>
  @OptionGroup var changes: ChangeOptions
  @OptionGroup(title: OptionTitle.files) var outputOption: NewRunOption
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var knobs: KnobOptions

  package init() {}

  /// The plan that the options ask for.
  var request: PlanRequest {
    PlanRequest(trained, length: length.texts, changes: changes, knobs: knobs)
  }

  package func run() throws {
    let limit = runOptions.time.limit
    if let begun = outputOption.begunRun {
      return try Resumption(
        verb: self, path: begun, request: request, extend: nil, output: nil, data: dataOptions,
        dataRequest: dataRequestOptions.request, options: runOptions, acceptsDifferentBits: false
      ).run()
    }
    var ranks = RunRanks(
      connects: !runOptions.dryRun, groups: runOptions.machine.rankGroups)
    var (prepared, device, objective) = try ranks.preparing {
      let prepared = try self.prepared {
        try dataOptions.source.load($0, for: $1, request: $2)
      }
      return (
        prepared, try runOptions.chosenDevice(for: prepared.plan, ranks),
        try StartedObjective(
          prepared.plan, ranks: ranks, options: runOptions, starts: !runOptions.dryRun)
      )
    }
    if !runOptions.dryRun {
      try ranks.begin(prepared.plan, continues: false)
      // The seed of rank 0 is everyone's, unless the user has given one.
      let common = ranks.all.values(of: prepared.plan.seed)[0]
      if request.seed == nil, common != prepared.plan.seed {
        let dataset = prepared.dataset
        prepared = try self.prepared(seed: common) { _, _, _ in dataset }
      }
    } else if ranks.isFollower {
      return
    }
    let (plan, dataset, weights) = (prepared.plan, prepared.dataset, prepared.weights)
    let architecture = plan.architecture
    let name = request.network.recipe?.name ?? architecture.name
    let run = outputOption.output ?? "runs/\(Self.fileName(name))-\(plan.seed)"
    let memory = try MemoryPlan(
      plan, threads: runOptions.threads.count, ranks: ranks.groups.own, ranksHere: ranks.countHere,
      backends: device.backends, mostWorkers: device.mostWorkers)
    if runOptions.dryRun {
      try answer(
        try PlanPreview.text(
          plan, try StageGraph(architecture), fitted: prepared.fitted,
          device: try device.text(on: plan, memory.estimate), memory: memory.summary,
          time: try runOptions.estimatedTime(of: plan, on: device), run: run,
          retention: runOptions.settings.retention))
    }
    let environment = try Evaluators.environment(numericPath: plan.numericPath, on: device)
    let training = Training(
      run: run, options: runOptions, device: device, data: dataOptions.data,
      workers: runOptions.workers(memory, ranks), ranks: ranks,
      limit: limit, objective: objective)
    if ranks.isFollower {
      return try training.follow(
        from: try Checkpoint.initial(
          plan: plan, environment: environment, date: RunClock.system.date(),
          parameters: prepared.parameters), on: dataset)
    }
    Self.warn((weights?.warnings ?? []) + (try prepared.warnings()))
    if let warning = try memory.check() { Self.warn(warning) }
    if runOptions.dryRun { return }
    let log = try runOptions.passLog(cycle: 1)
    let events = try runOptions.eventLog(runID: nil, states: RunPaths(directory: run))
    let directory = try createRun(at: run, locking: runOptions.locking)
    if !directory.isLocked { Self.warnOfNoLock(run) }
    try log?.begin()
    try events?.begin()
    if !runOptions.quiet {
      let say: (String) -> Void = { StandardStreams.say(runOptions.log.stamp.line($0)) }
      say(
        "training \(architecture.name) on \(printable(dataset.name)), seed \(plan.seed), in "
          + printable(run)
          + (weights.map { ", from the weights of \(quotedPath($0.path))" } ?? ""))
      for remark in dataset.remarks + dataset.doubts.map(\.description) { say("data: \(remark)") }
      if let fitted = prepared.fitted {
        let chosen = fitted.names(in: plan.options)
        let options = SearchOption.all.filter { chosen.contains($0.name) }
          .map { "--\($0.name) \($0.text(in: plan.options))" }
        say("options chosen \(fitted.reason): " + options.joined(separator: " "))
      }
    }
    let checkpoint = try Checkpoint.initial(
      plan: plan, environment: environment, date: RunClock.system.date(),
      parameters: prepared.parameters)
    for layer in try checkpoint.unmovedLayers() {
      Self.warn(
        "the initial weights of '\(layer)' are all equal: their proposals have a deviation of 0 and "
          + "change nothing")
    }
    let last = try training.run(
      from: checkpoint, on: dataset, in: directory, log: log, events: events)
    try answer(try training.summary(last, of: run, on: dataset))
    objective.process?.end()
    ranks.end()
  }

  /// Checks the options and prepares the run. Nothing is written.
  ///
  /// - Parameters:
  ///   - seed: The seed of a run whose user gives none; nil: a random one.
  ///   - load: Returns the data set for a value of `--data` and the shape of its samples, if that is
  ///   known, read as is asked for.
  func prepared(
    seed: UInt64? = nil, load: (String?, ImageShape?, DataRequest) throws -> Dataset
  ) throws -> PreparedTraining {
    let request = request
    let asked = try request.network.architecture()
    let weights = try initOption.file.map { try WeightsFile($0, architecture: asked) }
    let named =
      try weights?.architecture ?? asked
      ?? (request.network.isAutomatic ? nil : .preset(named: Architecture.presetNames[0]))
    var dataset = try load(dataOptions.data, named?.input, dataRequestOptions.request)
    if let named { dataset.adoptClasses(named.classes) }
    let architecture =
      named
      ?? .automatic(
        input: dataset.training.shape, outputs: dataset.training.outputs,
        samples: dataset.training.count)
    let graph = try StageGraph(architecture)
    let fitted =
      request.fitsData && weights == nil
      ? FittedOptions(samples: dataset.training.count, graph: graph) : nil
    var options = request.options(
      samples: dataset.training.count, task: dataset.identity.learningTask, fitted: fitted)
    options.fit(
      dataset.training.targets, classes: dataset.training.outputs, given: request.texts)
    let seed = request.seed ?? seed ?? .random(in: 0...UInt64(UInt32.max))
    let scaled =
      weights == nil
      ? TargetUnits.parameters(
        for: dataset.training.targets, layout: graph.layout, seed: seed)
      : nil
    let plan = SearchPlan(
      architecture: architecture,
      options: options,
      seed: seed, data: dataset.identity,
      normalization: weights?.content.normalization ?? Normalization(of: dataset.training),
      numericPath: try Backends.standard.path(of: request.precision ?? .f32).name,
      initialParameters: weights?.identity
        ?? scaled.map { InitialParameters($0, from: TargetUnits.source) })
    try plan.validateAsNew()
    for (set, name) in [
      (dataset.training, "training"), (dataset.validation, "validation"), (dataset.test, "test"),
    ] {
      guard let set, set.count > 0, !options.loss.isDefined(on: set.targets) else { continue }
      throw SearchError.undefinedLoss(options.loss, set: name)
    }
    return PreparedTraining(
      plan: plan, dataset: dataset, fitted: fitted, weights: weights,
      parameters: weights?.content.parameters ?? scaled)
  }

  /// Returns a network's name as a part of a file name: an architecture may have any name.
  private static func fileName(_ name: String) -> String {
    let plain = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "-"
    }
    return plain.isEmpty || plain.first == "." ? "network" : String(plain.prefix(100))
  }
}
