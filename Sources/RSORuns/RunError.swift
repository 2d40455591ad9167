import RSOSystem

/// The reasons why a run cannot begin, continue or end properly.
package enum RunError: Error, Equatable {
  /// `isRun`: the directory holds checkpoints.
  case directoryExists(path: String, isRun: Bool)
  case notDirectory(path: String)
  case noRun(path: String)
  case noUsableCheckpoint(directory: String, unreadable: [UnreadableCheckpoint])
  /// Another process writes to the run. `holder` is nil if that process did not say which it is.
  case inUse(path: String, holder: LockHolder?)
  /// The file system has no locks; `path` is the lock file.
  case noLocks(path: String, code: Int32)
  /// The system cannot start a thread.
  case noThread(purpose: String, code: Int32)
  case system(SystemError)
  /// Batch-norm statistics are needed; `name` is the name of the run's data.
  case statisticsNeedTrainingSet(name: String, found: String)
  case noSamples(split: String)
  /// The run has ended, and its last state could not be written.
  case endedUnsaved(path: String, reason: String)
  /// `last.h5` holds the state, but another file could not be written.
  case savedInPart(path: String, reason: String)
  /// A file that may hold the newest state cannot be used, and is not known to be damaged.
  case undecided(path: String, reason: String)
  /// A checkpoint that belongs to another run than the checkpoint beside it.
  case otherRun(path: String, of: String)
  /// A file that does not hold the cycle in its name.
  case misnamed(path: String, position: RunPosition)
  /// A mean over more cycles than the run has files of.
  case tooFewCycles(path: String, asked: Int, there: Int)
  /// A mean of weights that are restricted to a set.
  case noMean(path: String, weights: String)
  /// The run would not continue here with the bits of an uninterrupted run.
  case differentBits(found: String, here: String)
  /// A rank does not compute the run of rank 0.
  case ranksDiffer(rank: Int, part: String)
  /// A rank has failed before the run began.
  case rankCannotBegin(rank: Int)
  /// Groups of ranks without a neuron to search: there are more groups than ranks, or the plan searches one neuron
  /// at a time.
  case unusableGroups(Int, ranks: Int)
  /// The directory of a sweep was expected, and the path is something else.
  case notSweep(path: String)
  case invalidOption(name: String, value: String, expected: String)
}

extension RunError: CustomStringConvertible {
  /// The message; control characters in paths are escaped.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .directoryExists(let path, let isRun):
      isRun
        ? "'\(path)' is a run already: continue it with 'rso resume', or name another one with -o"
        : "'\(path)' exists and is no run: name another directory with -o"
    case .notDirectory(let path):
      "'\(path)' is not a directory"
    case .noRun(let path):
      "'\(path)' is not a run directory: it holds no checkpoint; start one with 'rso train -o DIR'"
    case .noUsableCheckpoint(let directory, let unreadable):
      "no checkpoint in '\(directory)' can be used: "
        + unreadable.map(\.reason).reduce(into: [String]()) { reasons, reason in
          if !reasons.contains(reason) { reasons.append(reason) }
        }.joined(separator: "; ")
    case .inUse(let path, let holder):
      "directory '\(path)' is in use"
        + (holder.map { " by \($0)" } ?? "") + ": wait for it, or stop it first"
    case .noLocks(let path, let code):
      """
      cannot lock '\(path)': its file system does not support locks (\(SystemError.text(of: code))); use a \
      directory on another file system, or give --no-lock if no other process writes to this one
      """
    case .noThread(let purpose, let code):
      """
      cannot start a thread for \(purpose): \(SystemError.text(of: code)); end other processes, or raise the \
      limit of processes ('ulimit -u', or pids.max of the control group)
      """
    case .ranksDiffer(let rank, let part):
      """
      rank \(rank) has another \(part) than rank 0: give all ranks the same program, options and data; \
      what was saved is good
      """
    case .rankCannotBegin(let rank):
      "rank \(rank) cannot begin, and says why; nothing was written"
    case .unusableGroups(let groups, let ranks):
      groups > ranks
        ? "--rank-groups \(groups): there \(ranks == 1 ? "is 1 rank" : "are \(ranks) ranks"); start more with mpirun or srun"
        : "--rank-groups \(groups): groups search neurons in parallel, which the plan does not; use --parallel neuron"
    case .system(let error):
      "\(error)"
    case .statisticsNeedTrainingSet(let name, let found):
      """
      a mean of weights, and a state inside a cycle, have no batch-norm statistics; computing them \
      needs the training set of the run, '\(name)', and \(found) is another; give it with --data
      """
    case .noSamples(let split):
      "the data have no \(split) set: name another part with --split, or other data with --data"
    case .endedUnsaved(let path, let reason):
      "the run ended, but its last state is not saved in '\(path)': \(reason)"
    case .undecided(let path, let reason):
      """
      '\(path)' may hold the newest state of its run: \(reason); make it usable, or move it away to \
      continue without it
      """
    case .otherRun(let path, let other):
      "'\(path)' belongs to another run than '\(other)'"
    case .misnamed(let path, let position):
      "'\(path)' holds \(position), not the cycle in its name"
    case .tooFewCycles(let path, let asked, let there):
      "'\(path)' has checkpoints of \(there) \(there == 1 ? "cycle" : "cycles"), not of \(asked)"
    case .noMean(let path, let weights):
      "the weights of '\(path)' are \(weights): their mean is not one of the values that they can have"
    case .savedInPart(let path, let reason):
      "'\(path)' is saved, but another file of the run is not: \(reason)"
    case .differentBits(let found, let here):
      """
      trained by \(found), and this is \(here): from here on the bits would differ from those of an \
      uninterrupted run; continue anyway with --accept-different-bits
      """
    case .notSweep(let path):
      "'\(path)' exists and is not a sweep's directory; name another one with -o"
    case .invalidOption(let name, let value, let expected):
      "invalid \(name) '\(value)': expected \(expected)"
    }
  }
}
