import ArgumentParser
import Glibc
import RSOCheckpoints
import RSODatasets
import RSODevices
import RSONetworks
import RSORuns
import RSOSystem

/// A run from a checkpoint to its end or to an interruption, with progress on standard error. `rso
/// train` and `rso resume` share it.
struct Training {
  /// The run directory as the user names it.
  let run: String
  let options: RunOptions
  let device: ChosenDevice
  /// The value of `--data`.
  let data: String?
  /// The number of evaluators that share the threads.
  let workers: Int
  /// The processes that compute the run together.
  let ranks: RunRanks
  let limit: TimeLimit
  let objective: StartedObjective

  /// - Parameters:
  ///   - checkpoint: The state that the run continues from, or its initial state.
  ///   - earlier: The directory in which the run was before, if it goes on in another one.
  ///   - log: The file for the time of each cycle.
  ///   - events: The files for TensorBoard.
  ///
  /// - Returns: The run's last state.
  ///
  /// *Throws:* `ExitCode` after an interruption, which has been reported.
  func run(
    from checkpoint: Checkpoint, on dataset: Dataset, in directory: consuming RunDirectory,
    earlier: RunPaths? = nil, log: PassLog?, events: EventLog?
  ) throws -> Checkpoint {
    let progress = ProgressReporter(
      plan: checkpoint.plan, graph: try StageGraph(checkpoint.plan.architecture),
      quiet: options.quiet, stamp: options.log.stamp, console: .standardError)
    let (interruption, process) = (objective.interruption, objective.process)
    try interruption.watch()
    if options.stopAtEOF { try interruption.watchEnd(of: STDIN_FILENO) }
    try limit.watch(with: interruption)
    interruption.whenUnanswered { signal in
      StandardStreams.say(
        "\(Self.cause(signal)) before training began; for a new run, give the command again with --resume"
      )
      process?.kill()
      _exit(ExitStatus.signal(signal))
    }
    var settings = options.settings
    settings.workers = workers
    var newest: () -> Checkpoint = { checkpoint }
    var training = try TrainingRun(
      checkpoint: checkpoint, dataset: dataset, directory: directory, earlier: earlier,
      settings: settings, groups: ranks.groups, program: objective.program(ranks.groups.own),
      makeEvaluator: Evaluators.factory(
        threads: options.threads.count / workers, on: device, passTimes: log?.times,
        ranks: ranks.groups.own),
      interruption: { interruption.signal },
      observe: { event in
        progress.watch(event)
        if case .cycleFinished = event {
          finishCycle(in: log, progress)
          follow(newest(), with: events, progress)
        }
        // A reader that has gone away ends a pipeline.
        if !progress.isHeard, interruption.signal == nil { interruption.receive(SIGPIPE) }
      })
    let saver = training.saver
    newest = { saver.checkpoint }
    let origin = checkpoint.provenance
    follow(checkpoint, with: events, progress, time: origin.saved - origin.secondsInCycle)
    let message = resumeMessage(saver.checkpoint)
    interruption.whenUnanswered { signal in
      saver.rescue { result in
        switch result {
        case .success(let conclusion):
          let warning = conclusion.missing.map { "warning: \($0)\n" } ?? ""
          StandardStreams.say("\(Terminal.endLine)\(warning)\(Self.cause(signal)); \(message)")
        case .failure(let error): StandardStreams.say("\(Terminal.endLine)\(error)")
        }
        process?.kill()
        _exit(ExitStatus.signal(signal))
      }
    }
    defer { progress.erase() }
    let outcome: TrainingRun.Outcome
    do {
      outcome = try training.run()
    } catch let error as ObjectiveError {
      progress.warn("the run is saved; \(message)")
      throw error
    } catch let error as DeviceError {
      process?.end()
      progress.warn("the run is saved; \(resumeMessage(saver.checkpoint, on: .processor))")
      throw error
    }
    switch outcome {
    case .interrupted(let signal):
      finishCycle(in: log, progress)
      process?.end()
      if signal != SIGPIPE { progress.warn("\(Self.cause(signal)); \(message)") }
      ranks.end()
      throw ExitCode(ExitStatus.signal(signal))
    case .finished:
      progress.erase()
    }
    return saver.checkpoint
  }

  /// Computes this process's share of a run whose files another process reads and writes.
  ///
  /// *Throws:* `ExitCode` after an interruption.
  func follow(from checkpoint: Checkpoint, on dataset: Dataset) throws {
    let interruption = objective.interruption
    try interruption.watch()
    // The process that writes the files ends all of them.
    interruption.whenUnanswered { _ in }
    try limit.watch(with: interruption)
    var settings = options.settings
    settings.workers = workers
    var following = try FollowingRun(
      checkpoint: checkpoint, dataset: dataset, settings: settings, groups: ranks.groups,
      program: objective.program(ranks.groups.own),
      makeEvaluator: Evaluators.factory(
        threads: options.threads.count / workers, on: device, ranks: ranks.groups.own),
      interruption: { interruption.signal })
    let outcome: TrainingRun.Outcome
    do {
      outcome = try following.run()
    } catch {
      // The process that talks to the user has met the same error, but not one of this process's device.
      if error is DeviceError { StandardStreams.say("rank \(ranks.all.rank): \(reason(error))") }
      throw ExitCode(failure(error)?.status ?? ExitStatus.software)
    }
    objective.process?.end()
    ranks.end()
    if case .interrupted(let signal) = outcome { throw ExitCode(ExitStatus.signal(signal)) }
  }

  /// Writes the events of a run. A failure is a warning, once.
  private func follow(
    _ checkpoint: Checkpoint, with events: EventLog?, _ progress: ProgressReporter,
    time: Double = RunClock.system.date()
  ) {
    if let failure = events?.follow(checkpoint, time: time) {
      progress.warn("warning: \(reason(failure)); training continues")
    }
  }

  private func finishCycle(in log: PassLog?, _ progress: ProgressReporter) {
    if let failure = log?.finishCycle() { progress.warn("warning: \(failure)") }
  }

  /// Returns the answer for a run that has ended.
  ///
  /// - Parameter dataset: The run's data, on whose test set the network is judged that the validation set
  ///   has chosen; nil if that was done before.
  func summary(_ checkpoint: Checkpoint, of run: String, on dataset: Dataset?) throws -> String {
    var summary = try TrainingSummary(run: run, checkpoint: checkpoint)
    if let dataset, let judged = try judgement(of: run, on: dataset) { summary.add(judged) }
    return options.json ? try JSONText.encode(summary) : summary.text
  }

  /// Measures the best cycle on the test set; nil without a validation set or without a test set.
  private func judgement(of run: String, on dataset: Dataset) throws -> EvaluationReport? {
    guard dataset.validation != nil, dataset.test != nil else { return nil }
    let path = RunPaths(directory: run).best
    guard FileSystem.exists(path) else { return nil }
    return try EvaluationRun(CheckpointReader.read(path).checkpoint).evaluate(
      on: dataset, program: objective.process,
      makeEvaluator: Evaluators.factory(threads: options.threads.count, on: device))
  }

  /// The reason in words why a run was stopped.
  private static func cause(_ signal: Int32) -> String {
    signal == Interruption.timeIsUp ? "the time is over" : "interrupted"
  }

  /// Returns the end of the message after an interruption. It names `--data` only if the checkpoint does not
  /// record where the data are.
  ///
  /// - Parameter device: The device to go on with; nil for the one that the user has chosen.
  private func resumeMessage(
    _ checkpoint: Checkpoint, on device: DeviceChoice? = nil
  ) -> String {
    let data = checkpoint.provenance.dataPlace == nil ? data : nil
    let command = checkpoint.plan.options.objectiveCommand
    return "resume with: rso resume \(shellQuoted(run))"
      + (data.map { " --data \(shellQuoted($0))" } ?? "")
      + (options.device == .processor ? "" : " --device \(device ?? options.device)")
      + (command.isNone ? "" : " --objective \(shellQuoted(command.command))")
  }
}

/// Returns a word as it is typed in a shell, with quotes if it needs them.
func shellQuoted(_ word: String) -> String {
  let isPlain = word.allSatisfy { character in
    character.isASCII
      && (character.isLetter || character.isNumber || "-_./+,@%:=".contains(character))
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
}
