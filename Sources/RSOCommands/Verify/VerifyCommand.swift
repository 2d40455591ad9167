import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSORuns
import RSOSearch
import RSOSystem
import RSOTensorFiles

/// `rso verify`: checks checkpoints, and that training gave what they hold.
package struct VerifyCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso verify",
    abstract: "Check the integrity of checkpoints.",
    discussion: """
      Checks digest, structure, numbers and identity of each checkpoint, and that the checkpoints \
      of a run directory belong together. Of another program's file, checks structure and checksums, and \
      that all numbers are finite. The exit status is 0 if all are good, 1 if one is damaged or has \
      numbers that are not finite, and 2 if something cannot be checked.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "Checkpoints; RUN@40, for the state after cycle 40; run directories, for all their "
        + "checkpoints; or files of other programs.",
      valueName: "path"),
    completion: .run)
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "Search n neurons again from each checkpoint, and compare with the next one of its run.",
      valueName: "n"))
  var replay: Int?

  @Flag(help: "Accept a file that was changed on purpose, and give it new digests.")
  var reseal = false

  @Option(
    help: ArgumentHelp(
      "Run this program for --replay, if it computed the objective of the run.",
      valueName: "command"))
  var objective: String?

  @OptionGroup var objectiveOptions: ObjectiveOptions
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var device: DeviceOptions

  @Flag(help: .noLock) var noLock = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if let replay, replay < 1 {
      throw ValidationError("invalid replay '\(replay)': expected a whole number, 1 or more")
    }
    if objective != nil, replay == nil { throw ValidationError("--objective needs --replay") }
    if device.device != .processor, replay == nil {
      throw ValidationError("--device needs --replay")
    }
    if reseal, replay != nil { throw ValidationError("--reseal and --replay exclude each other") }
    if reseal, let directory = paths.first(where: FileSystem.isDirectory) {
      throw ValidationError("--reseal: \(quotedPath(directory)) is a directory; name its files")
    }
  }

  package func run() throws {
    var report = VerificationReport()
    for path in paths {
      if reseal { accept(path, in: &report) }
      if FileSystem.isDirectory(path) {
        if try !ArgumentPath(path).isRun, let model = foreign(path) {
          report.add(model)
          continue
        }
        let run = RunFinding.examine(path, threads: threads.count)
        report.add(run)
        if replay != nil { replay(run.trajectory, in: &report) }
      } else {
        let file = examine(path)
        if file.verdict == .unknown, let foreign = foreign(path) {
          report.add(foreign)
          continue
        }
        report.add(file)
        if replay != nil { replay(from: file, in: &report) }
      }
    }
    try answer(json ? try JSONText.encode(report) : report.text)
    let status = report.exitStatus
    if status != 0 { throw ExitCode(status) }
  }

  private func accept(_ path: String, in report: inout VerificationReport) {
    do {
      report.add(
        try Reseal.accept(ArgumentPath(path).path, locking: Locking(isOptional: noLock)),
        path: path)
    } catch {
      report.addRefusal(of: path, reason: reason(error))
    }
  }

  /// Examines another program's file, or a directory with its files; nil for any other.
  private func foreign(_ path: String) -> TensorFileFinding? {
    do {
      return try TensorFile.open(path).map {
        TensorFileFinding(examining: $0, threads: threads.count)
      }
    } catch let error as TensorFileError {
      return TensorFileFinding(path: path, error)
    } catch {
      return nil
    }
  }

  private func examine(_ path: String) -> CheckpointFinding {
    do {
      return CheckpointFinding.examine(try ArgumentPath(path).path)
    } catch {
      return .unknown(path, "\(error)")
    }
  }

  // MARK: Replays

  private typealias Place = (path: String, summary: CheckpointSummary)

  /// Replays from a file to the next one of its directory.
  private func replay(from file: CheckpointFinding, in report: inout VerificationReport) {
    guard let summary = file.summary else { return }
    let next = RunFinding.examine(
      RunPaths(around: file.path).directory, threads: threads.count
    ).trajectory.first {
      $0.summary.provenance.runID == summary.provenance.runID
        && summary.position < $0.summary.position
    }
    guard let next else {
      return report.add(
        .cannotTell("there is no later checkpoint in its directory"), from: file.path, to: nil)
    }
    replay([(file.path, summary), next], in: &report)
  }

  private func replay(_ places: [Place], in report: inout VerificationReport) {
    if places.count < 2, let only = places.first {
      report.add(
        .cannotTell("there is no later checkpoint in its directory"), from: only.path, to: nil)
    }
    var dataset: (identity: DataIdentity, Result<Dataset, DatasetError>)?
    var devices: [String: Result<ChosenDevice, any Error>] = [:]
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
      if !quiet { StandardStreams.say("replaying from \(quotedPath(start.path))") }
      let plan = end.summary.plan
      let device = devices[plan.numericPath] ?? Result { try chosenDevice(for: plan) }
      devices[plan.numericPath] = device
      report.add(outcome(from: start, to: end, loaded, device), from: start.path, to: end.path)
    }
  }

  /// Returns what computes, and says so if the user has chosen it.
  private func chosenDevice(for plan: SearchPlan) throws -> ChosenDevice {
    let say: (String) -> Void = { if !quiet { StandardStreams.say($0) } }
    let chosen = try DeviceChooser(nil, say: say).chosen(
      device.device, for: plan, threads: threads.count)
    if let remark = chosen.remark { say(remark) }
    return chosen
  }

  private func outcome(
    from start: Place, to end: Place, _ dataset: Result<Dataset, DatasetError>,
    _ device: Result<ChosenDevice, any Error>
  ) -> Replay.Outcome {
    do {
      try requireCommand(of: end.summary.plan)
      let device = try device.get()
      return try Replay.compare(
        from: try CheckpointReader.read(start.path).checkpoint,
        to: try CheckpointReader.read(end.path).checkpoint, neurons: replay ?? 1,
        dataset: try dataset.get(),
        environment: Evaluators.environment(
          preferring: end.summary.plan.numericPath, on: device),
        program: try program(of: end.summary.plan),
        makeEvaluator: Evaluators.factory(threads: threads.count, on: device))
    } catch {
      return .cannotTell(reason(error))
    }
  }

  /// *Throws:* `CommandError.objectiveNotGiven` if a program computes the objective of a plan, and the user has not
  /// given its command, or it has none.
  private func requireCommand(of plan: SearchPlan) throws {
    let planned = plan.options.objectiveCommand
    guard planned.isNone || planned.name == nil && objective != nil else {
      throw CommandError.objectiveNotGiven(run: "the run", planned)
    }
  }

  /// Starts the program that computes the objective of a plan, if the user has given it; nil where rso computes
  /// it.
  ///
  /// *Throws:* `CommandError.otherObjective`; `ObjectiveError`.
  private func program(of plan: SearchPlan) throws -> ObjectiveProcess? {
    let planned = plan.options.objectiveCommand
    guard !planned.isNone, let objective else { return nil }
    let given = ObjectiveCommand(objective).withDigests
    guard given == planned else {
      throw CommandError.otherObjective(
        planned: planned.command, given: objective, given.fileDifferences(from: planned))
    }
    return try ObjectiveProcess(
      planned, task: plan.data.learningTask, outputs: plan.data.outputs,
      settings: objectiveOptions.settings())
  }
}
