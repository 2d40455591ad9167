import RSOCheckpoints

/// The result of the examination of one file.
package struct CheckpointFinding: Sendable {
  package var path: String
  package var verdict: Verdict
  /// The faults of the file; empty for a good one.
  package var problems: [String]
  /// The content of the file; nil if it cannot be read.
  package var summary: CheckpointSummary?

  /// The finding for a path that names no file.
  package static func unknown(_ path: String, _ problem: String) -> CheckpointFinding {
    CheckpointFinding(path: path, verdict: .unknown, problems: [problem], summary: nil)
  }

  /// Reads a file and makes every check that one file allows: digest, structure, finite numbers and
  /// `state_sha256`.
  ///
  /// - Parameter isExpected: The file has the name of a checkpoint in a run directory. Such a file is
  ///   damaged if it is not a checkpoint; any other file is just something else.
  package static func examine(_ path: String, isExpected: Bool = false) -> CheckpointFinding {
    do {
      let summary = try CheckpointSummary(try CheckpointReader.read(path))
      return CheckpointFinding(path: path, verdict: .good, problems: [], summary: summary)
    } catch {
      let verdict = (error as? CheckpointError)?.verdict(isExpected: isExpected) ?? .damaged
      return CheckpointFinding(path: path, verdict: verdict, problems: ["\(error)"], summary: nil)
    }
  }
}

extension CheckpointError {
  fileprivate func verdict(isExpected: Bool) -> Verdict {
    switch self {
    case .notHDF5, .notCheckpoint: isExpected ? .damaged : .unknown
    case .damagedHeader, .truncated, .modified, .malformed, .crashed: .damaged
    default: .unknown
    }
  }
}
