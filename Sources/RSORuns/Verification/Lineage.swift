import RSOCheckpoints
import RSOSearch
import RSOSystem

/// Checks that the checkpoints of a run directory follow from each other.
struct Lineage {
  struct Entry {
    var path: String
    var summary: CheckpointSummary
  }

  private(set) var problems: [String] = []
  /// Facts that are worth knowing, but are not problems.
  private(set) var notes: [String] = []

  /// - Parameter entries: The checkpoints that are good by themselves.
  init(_ entries: [Entry], paths: RunPaths) {
    let ordered = entries.sorted { first, second in
      let (a, b) = (first.summary, second.summary)
      return (a.position, a.provenance.resumes) < (b.position, b.provenance.resumes)
    }
    for (earlier, later) in zip(ordered, ordered.dropFirst()) { compare(earlier, later) }
    followResumes(ordered)
    checkNames(ordered, paths)
  }

  /// Compares two checkpoints that follow each other by their position.
  private mutating func compare(_ earlier: Entry, _ later: Entry) {
    let (a, b) = (earlier.summary, later.summary)
    let pair = "'\(earlier.path)' and '\(later.path)'"
    guard a.provenance.runID == b.provenance.runID else {
      problems.append("\(pair) are of different runs")
      return
    }
    let hasNewPath = a.provenance.differentBits != b.provenance.differentBits
    guard a.plan.isOfSameRun(as: b.plan, acceptsOtherPath: hasNewPath) else {
      problems.append("\(pair) have different plans")
      return
    }
    if a.provenance.resealed != b.provenance.resealed {
      notes.append("\(pair) are not compared: one was edited and resealed")
      return
    }
    if a.position == b.position, a.plan == b.plan, a.stateSHA256 != b.stateSHA256 {
      problems.append("\(pair) are at the same position with different states")
    }
    if let row = zip(a.history, b.history).first(where: { !$0.isIdentical(to: $1) }) {
      problems.append("\(pair) remember cycle \(row.0.cycle) differently")
    }
    if a.provenance.created != b.provenance.created {
      problems.append("\(pair) say that the run began at different times")
    }
    if a.provenance.resumes > b.provenance.resumes {
      problems.append("'\(later.path)' is later, but was resumed less often than '\(earlier.path)'")
    }
    if a.provenance.resumes == b.provenance.resumes,
      a.provenance.resumedFrom != b.provenance.resumedFrom
    {
      problems.append("\(pair) name different files that they were resumed from")
    }
  }

  /// Follows `resumed_from` to the file with that digest, if the file still exists.
  private mutating func followResumes(_ entries: [Entry]) {
    var told: Set<String> = []
    for entry in entries {
      let provenance = entry.summary.provenance
      guard (provenance.resumes > 0) == (provenance.resumedFrom != nil) else {
        problems.append(
          "'\(entry.path)' was resumed \(provenance.resumes) times, from "
            + (provenance.resumedFrom ?? "no file"))
        continue
      }
      guard let digest = provenance.resumedFrom, told.insert(digest).inserted else { continue }
      guard let source = entries.first(where: { $0.summary.sha256 == digest }) else {
        notes.append("resume \(provenance.resumes) began from a file that has been replaced since")
        continue
      }
      notes.append("resume \(provenance.resumes) began from '\(source.path)'")
      if source.summary.provenance.resumes >= provenance.resumes
        || entry.summary.position < source.summary.position
      {
        problems.append("'\(entry.path)' cannot have been resumed from '\(source.path)'")
      }
    }
  }

  private mutating func checkNames(_ entries: [Entry], _ paths: RunPaths) {
    let byPath = Dictionary(entries.map { ($0.path, $0.summary) }, uniquingKeysWith: { $1 })
    for cycle in paths.cycles() {
      guard let position = byPath[paths.cycle(cycle)]?.position,
        position != RunPosition(cycles: cycle, steps: 0)
      else { continue }
      problems.append("'\(paths.cycle(cycle))' holds \(position)")
    }
    checkBest(byPath[paths.best], newest: entries.last?.summary, paths)
    if let last = byPath[paths.last], let newest = entries.last,
      last.position < newest.summary.position
    {
      notes.append("'\(newest.path)' is newer than '\(paths.last)'")
    }
  }

  /// - Parameters:
  ///   - best: The content of `best.h5`; nil if it cannot be read.
  ///   - newest: The content of the newest checkpoint.
  private mutating func checkBest(
    _ best: CheckpointSummary?, newest: CheckpointSummary?, _ paths: RunPaths
  ) {
    let criterion = best?.criterion ?? newest?.criterion ?? .trainingLoss
    let highest = newest?.history.best(by: criterion)
    guard let best, let last = best.history.last else {
      if let highest, !FileSystem.exists(paths.best) {
        notes.append("'\(paths.best)' is missing; the best cycle is \(highest.cycle)")
      }
      return
    }
    if !best.position.isCycleEnd
      || best.history.contains(where: { criterion.prefers($0, to: last) })
    {
      problems.append("'\(paths.best)' is not the best of its own history")
    }
    if let highest, criterion.prefers(highest, to: last) {
      notes.append("'\(paths.best)' is older than the best cycle, \(highest.cycle)")
    }
  }
}
