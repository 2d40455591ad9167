import ArgumentParser
import Foundation
import RSOCheckpoints
import RSODatasets
import RSORuns

/// `rso verify`: tells whether checkpoints are whole, and whether training gave what they hold.
package struct VerifyCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso verify",
    abstract: "Tell whether checkpoints are whole.",
    discussion: """
      Checks digest, structure, numbers and identity of each checkpoint, and that those of a run \
      directory come one from the other. Exits with 0 if all are good, 1 if any is damaged, 2 if \
      it cannot be told.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "Checkpoints, RUN@40 for that after cycle 40, or run directories: all of theirs.",
      valueName: "path"),
    completion: .file())
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "Train n neurons again from each checkpoint, and compare with the next one of its run.",
      valueName: "n"))
  var replay: Int?

  @Flag(help: "Accept the edit of a file that was changed on purpose, and give it a new digest.")
  var reseal = false

  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: .noLock) var noLock = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing but the answer.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if let replay, replay < 1 { throw ValidationError("--replay \(replay): expected 1 or more") }
    if reseal, replay != nil { throw ValidationError("--reseal and --replay exclude each other") }
    if reseal, let directory = paths.first(where: CheckpointArgument.isDirectory) {
      throw ValidationError("--reseal takes files, and '\(directory)' is a directory")
    }
  }

  package func run() throws {
    var answer = VerificationAnswer()
    for path in paths {
      if reseal { accept(path, in: &answer) }
      if CheckpointArgument.isDirectory(path) {
        let run = RunFinding.examine(path)
        answer.add(run)
        if replay != nil { replay(run.trajectory, in: &answer) }
      } else {
        let file = examine(path)
        answer.add(file)
        if replay != nil { replay(from: file, in: &answer) }
      }
    }
    try RSOCommands.answer(json ? try JSONText.encode(answer) : answer.text)
    let status = answer.exitStatus
    if status != 0 { throw ExitCode(status) }
  }

  private func accept(_ path: String, in answer: inout VerificationAnswer) {
    do {
      answer.add(
        try Reseal.accept(
          CheckpointArgument.file(path), locking: Locking(isOptional: noLock)), path: path)
    } catch {
      answer.addRefusal(of: path, reason: reason(error))
    }
  }

  private func examine(_ path: String) -> CheckpointFinding {
    do {
      return CheckpointFinding.examine(try CheckpointArgument.file(path))
    } catch {
      return .unknown(path, "\(error)")
    }
  }

  // MARK: Replays

  private typealias Place = (path: String, summary: CheckpointSummary)

  /// From a file towards the next one of the directory that it lies in.
  private func replay(from file: CheckpointFinding, in answer: inout VerificationAnswer) {
    guard let summary = file.summary else { return }
    let next = RunFinding.examine(RunPaths(around: file.path).directory).trajectory.first {
      $0.summary.provenance.runID == summary.provenance.runID
        && summary.place.lexicographicallyPrecedes($0.summary.place)
    }
    guard let next else {
      return answer.add(.cannotTell("no later checkpoint lies beside it"), from: file.path, to: nil)
    }
    replay([(file.path, summary), next], in: &answer)
  }

  private func replay(_ places: [Place], in answer: inout VerificationAnswer) {
    if places.count < 2, let only = places.first {
      answer.add(.cannotTell("no later checkpoint lies beside it"), from: only.path, to: nil)
    }
    var dataset: (identity: DataIdentity, Result<Dataset, DatasetError>)?
    for (start, end) in zip(places, places.dropFirst()) {
      let identity = end.summary.plan.data
      if dataset?.identity != identity {
        dataset = (
          identity,
          Result { () throws(DatasetError) in
            try dataOptions.load(for: identity, of: end.summary.provenance, near: end.path)
          }
        )
      }
      guard let loaded = dataset?.1 else { continue }
      if !quiet { StandardStreams.say("replaying from '\(start.path)'") }
      answer.add(outcome(from: start, to: end, loaded), from: start.path, to: end.path)
    }
  }

  private func outcome(
    from start: Place, to end: Place, _ dataset: Result<Dataset, DatasetError>
  ) -> Replay.Outcome {
    do {
      return try Replay.compare(
        from: try CheckpointReader.read(start.path).checkpoint,
        to: try CheckpointReader.read(end.path).checkpoint, neurons: replay ?? 1,
        dataset: try dataset.get(),
        environment: Evaluators.environment(preferring: end.summary.plan.numericPath),
        makeEvaluator: Evaluators.factory(threads: threads.count))
    } catch {
      return .cannotTell(reason(error))
    }
  }
}
