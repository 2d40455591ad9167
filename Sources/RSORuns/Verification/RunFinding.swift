import RSOCheckpoints
import RSOSystem

/// The result of the examination of a run directory.
package struct RunFinding: Sendable {
  package var directory: String
  package var files: [CheckpointFinding]
  /// Contradictions between files that are good by themselves.
  package var problems: [String]
  /// Facts that are worth knowing, but are not problems.
  package var notes: [String]

  package var verdict: Verdict {
    guard !files.isEmpty else { return .unknown }
    return (files.map(\.verdict) + [problems.isEmpty ? .good : .damaged]).combined
  }

  /// Examines every checkpoint in the directory, and checks that they follow from each other.
  ///
  /// It takes no lock. If the run is being trained meanwhile, files that it removes are left out.
  ///
  /// - Parameter threads: Threads that share the checkpoints. Where files are large, one thread reads
  ///   them all, so that the memory is that of one file.
  package static func examine(_ directory: String, threads: Int = 1) -> RunFinding {
    let paths = RunPaths(directory: directory)
    let checkpoints = paths.checkpoints()
    let areSmall = checkpoints.allSatisfy {
      ((try? FileSystem.status(of: $0))?.size ?? 0) <= 16 << 20
    }
    let found = ParallelWork.results(checkpoints.count, threads: areSmall ? threads : 1) { index in
      CheckpointFinding.examine(checkpoints[index], isExpected: true)
    }
    let files = found.filter { $0.summary != nil || FileSystem.exists($0.path) }
    let entries = files.compactMap { file in
      file.summary.map { Lineage.Entry(path: file.path, summary: $0) }
    }
    let lineage = Lineage(entries, paths: paths)
    var finding = RunFinding(
      directory: directory, files: files, problems: lineage.problems.map { printable($0) },
      notes: lineage.notes.map { printable($0) })
    if files.isEmpty { finding.problems = [reasonForNone(paths)] }
    let leftovers = (try? DurableFile.temporaries(in: directory)) ?? []
    if !leftovers.isEmpty {
      finding.notes.append(
        "\(leftovers.count) left-over or unfinished \(leftovers.count == 1 ? "file" : "files")")
    }
    return finding
  }

  /// The reason why a directory has no checkpoint.
  private static func reasonForNone(_ paths: RunPaths) -> String {
    do {
      try paths.requireAccess()
      return printable("'\(paths.directory)' holds no checkpoint")
    } catch {
      return "\(error)"
    }
  }

  /// The checkpoints that training can be compared with, in the order of the run. Of several at the same
  /// position the first one is taken.
  package var trajectory: [(path: String, summary: CheckpointSummary)] {
    let good = files.compactMap { file in file.summary.map { (path: file.path, summary: $0) } }
      .sorted { $0.summary.position < $1.summary.position }
    return good.indices.filter { index in
      index == 0 || good[index].summary.position != good[index - 1].summary.position
    }.map { good[$0] }
  }
}
