import ArgumentParser
import Foundation
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns

/// A run from a checkpoint to its end or interruption, watched: what `rso train` and `rso resume` have
/// in common.
struct Training {
  /// The run directory, as the user calls it.
  let run: String
  let options: RunOptions
  /// The data set as it was named with `--data`.
  let data: String?
  /// Evaluators that share the threads.
  let workers: Int

  /// - Parameters:
  ///   - checkpoint: Where the run goes on; the beginning is one such place.
  ///   - log: Where the time of each cycle is noted.
  ///
  /// - Returns: The run's last state.
  ///
  /// *Throws:* `ExitCode` after an interruption that has been reported.
  func run(
    from checkpoint: Checkpoint, on dataset: Dataset, in directory: consuming RunDirectory,
    log: PassLog?
  ) throws -> Checkpoint {
    let progress = ProgressReporter(
      plan: checkpoint.plan, graph: try StageGraph(checkpoint.plan.architecture),
      quiet: options.quiet)
    let interruption = Interruption()
    try interruption.watch()
    if options.stopAtEOF { try interruption.watchEnd(of: STDIN_FILENO) }
    // Passes are timed by one evaluator alone.
    var settings = options.settings
    settings.workers = log == nil ? workers : 1
    var training = try TrainingRun(
      checkpoint: checkpoint, dataset: dataset, directory: directory, settings: settings,
      makeEvaluator: Evaluators.factory(
        threads: options.threads.count / settings.workers, passTimes: log?.times),
      interruption: { interruption.signal },
      observe: { event in
        progress.watch(event)
        if case .cycleFinished = event { finishCycle(in: log, progress) }
        // Nobody reads any more: that is how a pipeline is ended.
        if !progress.isHeard, interruption.signal == nil { interruption.receive(SIGPIPE) }
      })
    let saver = training.saver
    let message = resumeMessage(saver.checkpoint.provenance)
    interruption.whenUnanswered { signal in
      saver.rescue { result in
        switch result {
        case .success(let conclusion):
          let warning = conclusion.missing.map { "warning: \($0)\n" } ?? ""
          StandardStreams.say("\(Terminal.endLine)\(warning)\(message)")
        case .failure(let error): StandardStreams.say("\(Terminal.endLine)\(error)")
        }
        _exit(ExitStatus.signal(signal))
      }
    }
    defer { progress.erase() }
    switch try training.run() {
    case .interrupted(let signal):
      finishCycle(in: log, progress)
      if signal != SIGPIPE { progress.warn(message) }
      throw ExitCode(ExitStatus.signal(signal))
    case .finished:
      progress.erase()
    }
    return saver.checkpoint
  }

  private func finishCycle(in log: PassLog?, _ progress: ProgressReporter) {
    if let failure = log?.finishCycle() { progress.warn("warning: \(failure)") }
  }

  /// Prints what has become of a run, which has come to its end.
  func summarize(_ checkpoint: Checkpoint, of run: String) throws {
    let summary = try TrainingAnswer(run: run, checkpoint: checkpoint)
    try answer(options.json ? try JSONText.encode(summary) : summary.text)
  }

  /// The data must be named again only where its place is not recorded.
  private func resumeMessage(_ provenance: Provenance) -> String {
    let data = provenance.dataPlace == nil ? data : nil
    return "interrupted; resume with: rso resume \(shellQuoted(run))"
      + (data.map { " --data \(shellQuoted($0))" } ?? "")
  }
}

/// `word` as it is typed in a shell.
func shellQuoted(_ word: String) -> String {
  let isPlain = word.allSatisfy { character in
    character.isASCII
      && (character.isLetter || character.isNumber || "-_./+,@%:=".contains(character))
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
}
