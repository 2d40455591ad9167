/// What a verb itself finds wrong.
enum CommandError: Error, Equatable {
  case cannotOpen(String, reason: String)
  case badArchitecture(String, reason: String)
  case cannotWrite(String, reason: String)
  case cannotMake(run: String, reason: String)
  case cannotMakeDirectory(String, reason: String)
  /// `--cycles` is not the plan's and nothing says what becomes of the schedule.
  case needsExtension(planned: Int, asked: Int)
  /// Options say something else than the plan.
  case planDiffers(run: String, [PlanDifference])
  /// Another process has been at the run since it was looked at.
  case changedMeanwhile(run: String)
  /// The checkpoint is not where its run would go on.
  case notNewest(checkpoint: String, newest: String)
  case outsideRun(checkpoint: String)
  /// An output file is there already.
  case fileExists(String)
  /// The name of an output file is that of something else.
  case notAFile(String)
  /// A file of weights is damaged, or none at all.
  case badWeights(String, reason: String)
  /// The weights in a file are not those of the network.
  case unfitWeights(String, reason: String)
  /// Neither the options nor the file of weights say what network it is.
  case unknownNetwork(weights: String)
  /// A file that is none of those that are looked into.
  case unknownFile(String)
  /// `RUN@CYCLE`, and the cycles that are there.
  case noSuchCycle(run: String, cycle: Int, [Int])
  /// `--layer` names none; with those that there are.
  case noSuchLayer(String, path: String, [String])
  /// An option that only a checkpoint can answer.
  case needsCheckpoint(option: String, path: String)
  /// The run, or what else it is, will never have the memory that it needs.
  case tooLarge(what: String = "the run", needs: String, has: String, advice: String?)
  /// A file of steps to be measured is damaged, or does not fit the network or the data.
  case badSteps(String, reason: String)
  /// A file does not describe a sweep.
  case badSweep(String, reason: String)
  /// A run of a sweep cannot be begun.
  case badCell(String, sweep: String, reason: String, status: Int32)
  /// A run of a sweep was begun with other options than the sweep has now.
  case begunOtherwise(run: String, cell: String, [PlanDifference])
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open '\(path)': \(reason)"
    case .badArchitecture(let path, let reason):
      "cannot use '\(path)' as an architecture: \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write '\(path)': \(reason)"
    case .cannotMake(let run, let reason):
      "cannot make the run directory '\(run)': \(reason)"
    case .cannotMakeDirectory(let path, let reason):
      "cannot make the directory '\(path)': \(reason)"
    case .needsExtension(let planned, let asked):
      """
      the run is planned with \(Numbers.count(planned, "cycle")), not \(asked); say what becomes of the deviations:
        --extend keep     cycles of the plan keep theirs, later ones have the last one's
        --extend rescale  from here on those of a run planned with \(Numbers.count(asked, "cycle"))
      """
    case .planDiffers(let run, let differences):
      "these options are not those of '\(run)', and would make it another run:\n"
        + PlanDifference.table(differences)
        + "\nleave them out to go on, or begin a new run with 'rso train'"
    case .changedMeanwhile(let run):
      "another process has just gone on with '\(run)'; try again"
    case .notNewest(let checkpoint, let newest):
      """
      '\(checkpoint)' is not the newest state of its run, '\(newest)' is: \
      going on from here would overwrite it; name a new run directory with -o
      """
    case .outsideRun(let checkpoint):
      "'\(checkpoint)' is not in a run directory; name a new one with -o"
    case .fileExists(let path):
      "'\(path)' exists; --force replaces it"
    case .notAFile(let path):
      "cannot write '\(path)': not a regular file; -o - is standard output"
    case .badWeights(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .unfitWeights(let path, let reason):
      "cannot use '\(path)': \(reason)"
    case .unknownNetwork(let path):
      "'\(path)' does not say what network it is of; name one with --preset or --arch"
    case .unknownFile(let path):
      "cannot open '\(path)': neither a checkpoint nor an HDF5, safetensors, npz or ONNX file"
    case .noSuchCycle(let run, let cycle, let there):
      "'\(run)' has no checkpoint of cycle \(cycle)"
        + (there.isEmpty ? "" : "; it has those of \(Numbers.ranges(there))")
    case .noSuchLayer(let name, let path, let there):
      "'\(path)' has no layer '\(name)'; it has \(there.joined(separator: ", "))"
    case .needsCheckpoint(let option, let path):
      "\(option): '\(path)' is not a checkpoint of rso"
    case .tooLarge(let what, let needs, let has, let advice):
      "\(what) needs \(needs), and can have no more than \(has)"
        + (advice.map { "; \($0)" } ?? "")
    case .badSteps(let path, let reason):
      "cannot use '\(path)' as steps: \(reason)"
    case .badSweep(let path, let reason):
      "cannot use '\(path)' as a sweep: \(reason)"
    case .badCell(let cell, let sweep, let reason, _):
      "cannot use '\(sweep)' as a sweep: cell '\(cell)': \(reason)"
    case .begunOtherwise(let run, let cell, let differences):
      "'\(run)' was begun with other options than cell '\(cell)' has:\n"
        + PlanDifference.table(differences)
        + "\nname another directory with -o, or move that run away"
    }
  }

  var exitStatus: Int32 {
    switch self {
    case .cannotOpen, .noSuchCycle: ExitStatus.noInput
    case .badArchitecture, .badWeights, .unfitWeights, .unknownFile, .badSteps, .badSweep:
      ExitStatus.badData
    case .cannotWrite, .cannotMake, .cannotMakeDirectory, .fileExists, .notAFile:
      ExitStatus.cannotCreate
    case .changedMeanwhile: ExitStatus.busy
    case .tooLarge: ExitStatus.unavailable
    case .needsExtension, .planDiffers, .notNewest, .outsideRun, .unknownNetwork, .noSuchLayer,
      .needsCheckpoint, .begunOtherwise:
      ExitStatus.usage
    case .badCell(_, _, _, let status): status
    }
  }
}
