import Foundation
import RSOCheckpoints
import RSOSystem

/// What a run directory turns out to hold.
package struct RunFinding: Sendable {
  package var directory: String
  package var files: [CheckpointFinding]
  /// What is wrong between files that are good by themselves.
  package var problems: [String]
  /// What is worth knowing and not wrong.
  package var notes: [String]

  package var verdict: Verdict {
    guard !files.isEmpty else { return .unknown }
    return (files.map(\.verdict) + [problems.isEmpty ? .good : .damaged]).combined
  }

  /// Examines every checkpoint in the directory, and whether they come one from the other. Takes no
  /// lock: a run may go on meanwhile, and a file that it has removed is left out.
  package static func examine(_ directory: String) -> RunFinding {
    let paths = RunPaths(directory: directory)
    let files = paths.checkpoints().compactMap { path -> CheckpointFinding? in
      let finding = CheckpointFinding.examine(path, isExpected: true)
      let isGone = finding.summary == nil && !FileManager.default.fileExists(atPath: path)
      return isGone ? nil : finding
    }
    let entries = files.compactMap { file in
      file.summary.map { Lineage.Entry(path: file.path, summary: $0) }
    }
    let lineage = Lineage(entries, paths: paths)
    var finding = RunFinding(
      directory: directory, files: files, problems: lineage.problems, notes: lineage.notes)
    if files.isEmpty { finding.problems = [reasonForNone(paths)] }
    let leftovers = (try? DurableFile.temporaries(in: directory)) ?? []
    if !leftovers.isEmpty {
      finding.notes.append(
        "\(leftovers.count) left-over or unfinished \(leftovers.count == 1 ? "file" : "files")")
    }
    return finding
  }

  /// Why nothing was found in a directory.
  private static func reasonForNone(_ paths: RunPaths) -> String {
    do {
      try paths.requireAccess()
      return "'\(paths.directory)' holds no checkpoint"
    } catch {
      return "\(error)"
    }
  }

  /// The checkpoints with which training can be compared, in the order of the run; of those that
  /// stand at one place the first.
  package var trajectory: [(path: String, summary: CheckpointSummary)] {
    let good = files.compactMap { file in file.summary.map { (path: file.path, summary: $0) } }
      .sorted { $0.summary.place.lexicographicallyPrecedes($1.summary.place) }
    return good.indices.filter { $0 == 0 || good[$0].summary.place != good[$0 - 1].summary.place }
      .map { good[$0] }
  }
}
