import RSORuns
import RSOSystem

/// The result of `rso verify`.
package struct VerificationReport: Encodable {
  struct File: Encodable {
    var path: String
    var verdict: Verdict
    var problems: [String]
    /// The properties below are known for a good file only.
    var sha256: String?
    var stateSHA256: String?
    var runID: String?
    /// Finished cycles, and steps done in the cycle under way.
    var cycle: Int?
    var steps: Int?
    /// The neuron that is searched next.
    var layer: String?
    var neuron: Int?
    var version: String?
    var numericPath: String?
    var resumes: Int?
    var differentBits: String?
    var resealed: Double?
  }

  struct Run: Encodable {
    var path: String
    var verdict: Verdict
    /// Problems between the checkpoints.
    var problems: [String]
    var notes: [String]
    var checkpoints: Int
  }

  struct Comparison: Encodable {
    var from: String
    var to: String?
    var verdict: Verdict
    var neurons: Int?
    /// True if the whole state was compared, not only the parameters that were searched.
    var whole: Bool?
    var problem: String?
  }

  struct Resealing: Encodable {
    var path: String
    var verdict: Verdict
    var message: String
  }

  private var files: [File] = []
  /// Files of other programs.
  private var tensorFiles: [TensorFileFinding] = []
  private var runs: [Run] = []
  private var replays: [Comparison] = []
  private var resealings: [Resealing] = []
  /// The worst of all verdicts.
  private var verdict = Verdict.good

  package init() {}

  package var exitStatus: Int32 {
    switch verdict {
    case .good: 0
    case .damaged, .notFinite: 1
    case .unknown: 2
    }
  }

  private mutating func note(_ verdict: Verdict) {
    self.verdict = [self.verdict, verdict].combined
  }

  mutating func add(_ finding: CheckpointFinding) {
    note(finding.verdict)
    var file = File(path: finding.path, verdict: finding.verdict, problems: finding.problems)
    if let summary = finding.summary {
      let provenance = summary.provenance
      (file.sha256, file.stateSHA256) = (summary.sha256, summary.stateSHA256)
      (file.cycle, file.steps) = (summary.position.cycles, summary.position.steps)
      (file.layer, file.neuron) = (summary.layer, summary.cursor.neuron)
      (file.version, file.numericPath) = (provenance.version, summary.plan.numericPath)
      (file.runID, file.resumes) = (provenance.runID, provenance.resumes)
      (file.differentBits, file.resealed) = (provenance.differentBits, provenance.resealed)
    }
    files.append(file)
  }

  mutating func add(_ finding: TensorFileFinding) {
    note(finding.verdict)
    tensorFiles.append(finding)
  }

  mutating func add(_ finding: RunFinding) {
    for file in finding.files { add(file) }
    note(finding.verdict)
    runs.append(
      Run(
        path: finding.directory, verdict: finding.verdict, problems: finding.problems,
        notes: finding.notes, checkpoints: finding.files.count))
  }

  mutating func add(_ outcome: Replay.Outcome, from start: String, to end: String?) {
    var replay = Comparison(from: start, to: end, verdict: .good)
    switch outcome {
    case .same(let neurons, let isWhole):
      (replay.neurons, replay.whole) = (neurons, isWhole)
    case .differs(let neurons, let what):
      (replay.verdict, replay.neurons, replay.problem) = (.damaged, neurons, "differs: \(what)")
    case .cannotTell(let reason):
      (replay.verdict, replay.problem) = (.unknown, reason)
    }
    note(replay.verdict)
    replays.append(replay)
  }

  mutating func add(_ outcome: Reseal.Outcome, path: String) {
    let message =
      switch outcome {
      case .unchanged: "unchanged since it was written; nothing to accept"
      case .resealed(hasNewState: true):
        "resealed with another state; the batch-norm statistics belonged to the old one and are left "
          + "out"
      case .resealed(hasNewState: false): "resealed; the state is the same"
      }
    resealings.append(Resealing(path: path, verdict: .good, message: message))
  }

  mutating func addRefusal(of path: String, reason: String) {
    note(.unknown)
    resealings.append(
      Resealing(path: path, verdict: .unknown, message: "not resealed: \(reason)"))
  }

  // MARK: For people

  package var text: String {
    var lines = resealings.map { Self.line($0.verdict, "\(printable($0.path)): \($0.message)") }
    for file in files {
      lines += Self.lines(file.verdict, printable(file.path), file.problems) {
        "\(Self.place(file)); state \((file.stateSHA256 ?? "").prefix(16))"
      }
    }
    for file in tensorFiles {
      lines += Self.lines(file.verdict, printable(file.path), file.problems) { file.extent }
      lines += file.notChecked.map { "  not checked: \(printable($0))" }
    }
    for run in runs {
      lines += Self.lines(run.verdict, printable(run.path), run.problems) {
        Numbers.count(run.checkpoints, "checkpoint")
      }
      lines += run.notes.map { "  note: \($0)" }
    }
    for replay in replays {
      let pair = printable(replay.from) + (replay.to.map { " to \(printable($0))" } ?? "")
      let count = replay.neurons.map { Numbers.count($0, "neuron") } ?? ""
      let extent = replay.whole == true ? "the same state" : "the same parameters"
      let problem = replay.problem.map { count.isEmpty ? $0 : "\(count): \($0)" }
      lines.append(
        Self.line(replay.verdict, "replay of \(pair): \(problem ?? "\(count): \(extent)")"))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func lines(
    _ verdict: Verdict, _ path: String, _ problems: [String], good: () -> String
  ) -> [String] {
    problems.isEmpty
      ? [line(verdict, "\(path): \(good())")]
      : problems.map { line(verdict, "\(path): \($0)") }
  }

  private static func line(_ verdict: Verdict, _ text: String) -> String {
    verdict.rawValue + String(repeating: " ", count: max(1, 9 - verdict.rawValue.count)) + text
  }

  private static func place(_ file: File) -> String {
    guard let cycle = file.cycle, let steps = file.steps, let layer = file.layer else { return "" }
    let place = Numbers.place(cycles: cycle, steps: steps)
    guard steps > 0, let neuron = file.neuron else { return place }
    return "\(place), before neuron \(neuron) of \(layer)"
  }
}
