import RSOCheckpoints
import RSORuns
import RSOSearch

/// The content of a report. The page and the JSON are its renderings.
package struct ReportContent: Sendable {
  var runs: [ReportedRun] = []
  var files: [ReportedFile] = []
  var sweep: Sweep?
  /// The evaluated runs on the same samples, the best one first; nil for fewer than two.
  var comparison: ComparisonReport?
  /// Runs that are not in the comparison, with the reason.
  var notCompared: [String] = []
  /// When the report was made, in seconds since 1970.
  var date: Double

  package init(_ runs: [ReportedRun] = [], date: Double) {
    (self.runs, self.date) = (runs, date)
  }

  /// The cells of a sweep.
  struct Sweep: Sendable {
    var name: String
    var about: String?
    var results: SweepResults
    /// The runs that have not begun.
    var waiting: Int
    /// Another process works on the sweep.
    var isInProgress: Bool
  }

  var isInProgress: Bool {
    runs.contains(where: \.isInProgress) || sweep?.isInProgress ?? false
  }

  /// The best run by its criterion; nil if no run has finished a cycle, or if the figures of two runs cannot be
  /// compared.
  var best: ReportedRun? {
    let ranked = runs.filter { $0.rank != nil }
    guard Set(ranked.map(\.kindOfRank)).count == 1 else { return nil }
    return ranked.max { ($0.rank ?? 0) < ($1.rank ?? 0) }
  }

  /// The run that others are compared with.
  var reference: ReportedRun? { best ?? runs.first }

  /// More runs are not shown in detail, except for the best one, or else the first.
  private static let mostDetails = 12

  /// The indices of the runs that are shown in detail.
  var detailed: [Int] {
    let reference = reference?.path
    return runs.indices.filter { runs.count <= Self.mostDetails || runs[$0].path == reference }
  }

  // MARK: Runs

  /// A row for each run.
  var runReport: Report<ReportedRun> {
    let criteria = Set(runs.map { $0.inspection.stored.criterion })
    let criterion = criteria.count == 1 ? criteria.first : nil
    return Report(
      runs,
      columns: [
        Column("run", "run", align: .left, \.name),
        Column("cell", in: [.json]) { $0.history.place?.cell },
        Column("network", "network", align: .left, \.history.network),
        Column("seed", "seed", \.history.seed),
        Column("parameters", "parameters", as: .grouped, \.inspection.layout.parameterCount),
        Column("cycles", "cycles", as: .grouped, \.history.cycles.count),
        Column("updates", "weight updates", as: .grouped) { $0.history.cycles.last?.updates ?? 0 },
        Column("seconds", "time", as: .duration) {
          $0.history.cycles.reduce(0) { $0 + $1.record.seconds }
        },
        Column("resumes", "resumed", \.checkpoint.provenance.resumes) { run in
          let resumes = run.checkpoint.provenance.resumes
          return resumes == 0 ? "-" : Numbers.times(resumes)
        },
        Column("training_loss", "training loss", as: .loss) {
          $0.history.cycles.last?.record.trainingLoss
        },
        Column("best_cycle", "best cycle", as: .grouped, in: .ifKnown) { run in
          run.checkpoint.history.best(by: run.inspection.stored.criterion)?.cycle
        },
        Column(
          "best_value", criterion.map { "best \($0.title)" } ?? "its figure", \.bestValue,
          text: { run in
            run.bestValue.map {
              run.inspection.stored.criterion.isShare ? Numbers.percent($0) : Numbers.value($0)
            } ?? "-"
          }),
        Column("test_accuracy", "last test accuracy", as: .percent, in: .ifKnown) {
          $0.history.cycles.last?.record.test?.accuracy
        },
        Column("test_loss", "last test loss", as: .loss, in: .ifKnown) {
          $0.history.cycles.last?.record.test?.loss
        },
        Column(
          "marks", "likely problems", align: .left, in: .ifKnown,
          { run in
            let marks = run.inspection.marks.map { "\($0.name): \($0.brief)" }
            return marks.isEmpty ? nil : marks
          },
          text: { run in
            run.inspection.marks.map { "\($0.name): \($0.brief)" }.joined(separator: "; ")
          }),
      ])
  }

  /// A row for each value of a sweep's options; none if the figures of two runs cannot be compared.
  var effectReport: Report<OptionEffect> {
    let isComparable = Set(runs.filter(\.isFinished).map(\.kindOfRank)).count == 1
    let criterion = runs.first?.inspection.stored.criterion
    let style: Numbers.Style = criterion?.isShare == true ? .percent : .value
    return Report(
      sweep == nil || !isComparable
        ? [] : OptionEffect.all(runs.filter(\.isFinished), figure: \.bestValue),
      columns: [
        Column("option", "option", align: .left, \.option),
        Column("value", "value", align: .left, \.value),
        Column("runs", "runs", \.runs),
        Column("mean", "mean \(criterion?.title ?? "figure")", as: style, \.figure.mean),
        Column("std", "deviation", as: style, in: .ifKnown, \.figure.deviation),
        Column("min", "lowest", as: style, \.figure.min),
        Column("max", "highest", as: style, \.figure.max),
      ])
  }

  // MARK: JSON

  private struct Facts: Encodable {
    var date: Double
    var version: String
    var runs: [ReportedRun.Facts]
    var files: [ReportValue]
    var table: ReportValue
    var comparison: ReportValue?
    var notCompared: [String]
    var cells: ReportValue?
    var effects: ReportValue?
  }

  package func json() throws -> String {
    try JSONText.encode(
      Facts(
        date: date, version: Version.current, runs: runs.map(\.facts), files: files.map(\.json),
        table: runReport.json, comparison: comparison?.json, notCompared: notCompared,
        cells: sweep.map { $0.results.cellReport.json },
        effects: sweep.map { _ in effectReport.json }))
  }
}
