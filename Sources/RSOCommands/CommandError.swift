import RSODevices
import RSOSearch
import RSOSystem

/// An error that a verb itself finds.
enum CommandError: Error, Equatable {
  case cannotOpen(String, reason: String)
  case badArchitecture(String, reason: String)
  case cannotWrite(String, reason: String)
  case cannotMake(run: String, reason: String)
  case cannotMakeDirectory(String, reason: String)
  /// `--cycles` differs from the plan, and `--extend` is missing.
  case needsExtension(planned: Int, asked: Int)
  /// Options differ from the plan. `newRun` is the command that begins a new run from the weights, on the same data
  /// and with the objective that was asked for.
  case planDiffers(run: String, [PlanDifference], newRun: String)
  /// A finished run has nothing left to continue in a new run directory.
  case nothingLeft(checkpoint: String, ending: String, output: String)
  /// A program computes the objective of the run, and the user has not given its command.
  case objectiveNotGiven(run: String, ObjectiveCommand)
  /// Another program than the one that computed the objective of the run, or one whose files have changed.
  case otherObjective(planned: String, given: String, [PlanDifference])
  /// Another process has continued the run since this one read it.
  case changedMeanwhile(run: String)
  /// The checkpoint is not the newest one of its run.
  case notNewest(checkpoint: String, newest: String)
  case outsideRun(checkpoint: String)
  /// A directory for TensorBoard holds event files of another run or program.
  case otherCurves(directory: String)
  /// An output file exists.
  case fileExists(String)
  /// The name of an output file belongs to something that is not a file.
  case notAFile(String)
  /// A file of weights is damaged, or has no weights.
  case badWeights(String, reason: String)
  /// A file of tensors cannot be converted to a format.
  case cannotConvert(String, format: String, reason: String)
  /// The weights in a file do not fit the network.
  case unfitWeights(String, reason: String)
  /// Neither the options nor the file of weights name the network.
  case unknownNetwork(weights: String)
  /// A file of a kind that is not read.
  case unknownFile(String)
  /// `RUN@CYCLE` without a checkpoint; the last value lists the cycles that have one.
  case noSuchCycle(run: String, cycle: Int, [Int])
  /// `--layer` names no layer; with the names of the layers.
  case noSuchLayer(String, path: String, [String])
  /// An option that needs a checkpoint was given with another file.
  case needsCheckpoint(option: String, path: String)
  /// `what` needs more memory than the process can ever have. `needs` and `has` contain units.
  case tooLarge(what: String = "the run", needs: String, has: String, advice: String?)
  /// A run has other samples than the run that it is compared with; with the differences.
  case differentSamples(run: String, of: String, split: String, [String])
  /// An option asks to read the run's own data in another way than the run, whose option the second value is.
  case otherReading(option: String, ofRun: String?)
  /// A sweep of which no run has begun.
  case nothingBegun(sweep: String)
  /// A file of steps is damaged, or does not fit the network or the data.
  case badSteps(String, reason: String)
  /// The OpenCL devices cannot be examined, or there are none.
  case noDevices(reason: String)
  /// A device that the machine lacks; with the titles of those that it has.
  case noSuchDevice(String, [String])
  /// A device does not suit the run.
  case unfitDevice(OpenCLDevice, reason: String)
  /// A launcher has started several processes, and a sweep is one.
  case sweepOnRanks(count: Int)
  /// A file does not describe a sweep.
  case badSweep(String, reason: String)
  /// A run of a sweep cannot be started.
  case badCell(String, sweep: String, reason: String, status: Int32)
  /// A run of a sweep was started with other options than the sweep has now.
  case begunOtherwise(run: String, cell: String, [PlanDifference])
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open \(quotedPath(path)): \(reason)"
    case .badArchitecture(let path, let reason):
      "cannot use \(quotedPath(path)) as an architecture: \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write \(quotedPath(path)): \(reason)"
    case .cannotMake(let run, let reason):
      "cannot make the run directory \(quotedPath(run)): \(reason)"
    case .cannotMakeDirectory(let path, let reason):
      "cannot make the directory \(quotedPath(path)): \(reason)"
    case .needsExtension(let planned, let asked):
      """
      the run is planned with \(Numbers.count(planned, "cycle")), not \(asked); say how the deviations change:
        --extend keep     planned cycles keep theirs, later cycles have the last planned one
        --extend rescale  from now on, they fall as in a run of \(Numbers.count(asked, "cycle"))
      """
    case .planDiffers(let run, let differences, let newRun):
      "these options differ from the plan of \(quotedPath(run)) and would make it another run:\n"
        + PlanDifference.table(differences)
        + "\n" + Self.remedy(differences, newRun: newRun)
    case .nothingLeft(let checkpoint, let ending, let output):
      "\(quotedPath(checkpoint)) is finished, and \(quotedPath(output)) was not made: \(ending)"
    case .objectiveNotGiven(let run, let objective) where objective.name != nil:
      """
      a program that uses rso as a library computes the objective of \(run), \
      '\(printable(objective.name ?? ""))'; continue it with that program
      """
    case .objectiveNotGiven(let run, let objective):
      """
      a program computes the objective of \(run), and is run only if you give it; if you trust it, \
      add: --objective \(shellQuoted(printable(objective.command)))
      """
    case .otherObjective(let planned, let given, let differences):
      planned == given
        ? "files of the objective '\(printable(planned))' have changed: "
          + differences.map { "\($0.option): \($0.planned) then, \($0.asked) now" }
          .joined(separator: "; ")
        : "the objective of the run is '\(printable(planned))', not '\(printable(given))'"
    case .changedMeanwhile(let run):
      "another process has just continued \(quotedPath(run)); try again"
    case .notNewest(let checkpoint, let newest):
      """
      \(quotedPath(checkpoint)) is not the newest state of its run, \(quotedPath(newest)) is; \
      continuing from it would overwrite later states; name a new run directory with -o
      """
    case .outsideRun(let checkpoint):
      "\(quotedPath(checkpoint)) is not in a run directory; name a new one with -o"
    case .otherCurves(let directory):
      "\(quotedPath(directory)) holds event files of another run or program; name another directory "
        + "with --tensorboard"
    case .fileExists(let path):
      "\(quotedPath(path)) exists; use --force to replace it"
    case .notAFile(let path):
      "cannot write \(quotedPath(path)): not a regular file; use '-o -' for standard output"
    case .badWeights(let path, let reason):
      "cannot read \(quotedPath(path)): \(reason)"
    case .cannotConvert(let path, let format, let reason):
      "cannot convert \(quotedPath(path)) to \(format): \(reason)"
    case .unfitWeights(let path, let reason):
      "cannot use \(quotedPath(path)): \(reason)"
    case .unknownNetwork(let path):
      "\(quotedPath(path)) does not name its network; name one with --preset or --arch"
    case .unknownFile(let path):
      "cannot read \(quotedPath(path)): not a checkpoint, HDF5, safetensors, PyTorch, npz, npy, "
        + "GGUF or ONNX file"
    case .noSuchCycle(let run, let cycle, let there):
      "\(quotedPath(run)) has no checkpoint of cycle \(cycle)"
        + (there.isEmpty ? "" : "; it has cycles \(Numbers.ranges(there))")
    case .noSuchLayer(let name, let path, let there):
      "\(quotedPath(path)) has no layer '\(printable(name))'; it has "
        + there.map { printable($0) }.joined(separator: ", ")
    case .needsCheckpoint(let option, let path):
      "\(option): \(quotedPath(path)) is not a checkpoint of rso"
    case .tooLarge(let what, let needs, let has, let advice):
      "\(what) needs \(needs), but can have at most \(has)" + (advice.map { "; \($0)" } ?? "")
    case .otherReading(let option, let own):
      "\(option): without --data, the run's own data are read as the run read them"
        + (own.map { ", with \($0)" } ?? "")
        + "; leave it out, or name the data with --data"
    case .differentSamples(let run, let first, let split, let differences):
      "the \(split) samples of \(quotedPath(run)) are not those of \(quotedPath(first)): "
        + differences.map { printable($0, limit: 300) }.joined(separator: "; ")
        + "; name the data to compare on with --data"
    case .nothingBegun(let sweep):
      "no run of the sweep \(quotedPath(sweep)) has begun; start it with 'rso sweep'"
    case .badSteps(let path, let reason):
      "cannot use \(quotedPath(path)) as steps: \(reason)"
    case .noDevices(let reason):
      "no OpenCL devices: \(printable(reason, limit: 300)); compute on the processor with --device cpu"
    case .noSuchDevice(let device, let there):
      "there is no device '\(device)'; the devices are \(there.joined(separator: ", "))"
    case .unfitDevice(let device, let reason):
      "device '\(device.selector)' (\(printable(device.name))) \(reason); "
        + "compute on the processor with --device cpu"
    case .sweepOnRanks(let count):
      "a sweep is one process, and the launcher has started \(count): start one for each --cell, or "
        + "train a single run on several ranks with 'rso train'"
    case .badSweep(let path, let reason):
      "cannot use \(quotedPath(path)) as a sweep: \(reason)"
    case .badCell(let cell, let sweep, let reason, _):
      "cannot use \(quotedPath(sweep)) as a sweep: cell '\(cell)': \(reason)"
    case .begunOtherwise(let run, let cell, let differences):
      "\(quotedPath(run)) was started with other options than cell '\(cell)' has:\n"
        + PlanDifference.table(differences)
        + "\nname another directory with -o, or move that run away"
    }
  }

  /// The advice for a run whose plan differs from what was asked for.
  private static func remedy(_ differences: [PlanDifference], newRun: String) -> String {
    let train = "begin a new run from its weights: \(newRun)"
    if let objective = differences.first(where: { $0.option == "--objective" }),
      objective.planned != "none"
    {
      return "to continue, give the run's own command: --objective "
        + "\(shellQuoted(printable(objective.planned)))"
        + (differences.count > 1 ? ", and leave the others out" : "")
        + "; for another one, \(train)"
    }
    guard !differences.contains(where: { $0.option.hasSuffix("of --objective") }) else {
      return "to continue, restore the files; for a changed program, \(train)"
    }
    return "leave them out to continue, or start a new run with 'rso train'"
  }

  var exitStatus: Int32 {
    switch self {
    case .cannotOpen, .noSuchCycle, .nothingBegun: ExitStatus.noInput
    case .badArchitecture, .badWeights, .cannotConvert, .unfitWeights, .unknownFile, .badSteps,
      .badSweep, .differentSamples:
      ExitStatus.badData
    case .cannotWrite, .cannotMake, .cannotMakeDirectory, .otherCurves, .fileExists,
      .notAFile:
      ExitStatus.cannotCreate
    case .changedMeanwhile: ExitStatus.busy
    case .tooLarge, .noDevices, .noSuchDevice, .unfitDevice: ExitStatus.unavailable
    case .needsExtension, .planDiffers, .nothingLeft, .objectiveNotGiven, .otherObjective,
      .notNewest,
      .outsideRun, .unknownNetwork, .noSuchLayer,
      .needsCheckpoint, .begunOtherwise, .sweepOnRanks, .otherReading:
      ExitStatus.usage
    case .badCell(_, _, _, let status): status
    }
  }
}
