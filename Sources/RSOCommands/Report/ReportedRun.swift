import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch

/// Everything that a report says of one run, or of one checkpoint.
package struct ReportedRun: Sendable {
  /// The run as the user names it.
  var name: String
  /// The checkpoint's file.
  var path: String
  /// The values of a sweep's options; empty for a run outside a sweep.
  package var cellOptions: [String: SweepValue] = [:]
  var inspection: CheckpointInspection
  var history: RunHistory
  var pauses: [RunPause]
  /// The weights of earlier cycles; nil if they were not read.
  var weightsByCycle: WeightsByCycle?
  /// Another process trains the run.
  var isInProgress: Bool
  var commands: TrainingCommands
  /// The validation and test set, as far as there are any and data were found.
  var evaluations: [SetEvaluation] = []
  /// The reason why there is no evaluation; nil if there is one, or none was tried.
  var noEvaluation: String?

  package init(
    name: String, found: FoundCheckpoint, place: RunHistory.SweepPlace? = nil, isInProgress: Bool
  ) throws {
    self.name = name
    path = found.path
    inspection = try CheckpointInspection(found.stored, path: found.path)
    history = try RunHistory(name: name, place: place, found.stored.checkpoint)
    pauses = RunPause.all(in: RunPaths(around: found.path), until: found.stored.checkpoint)
    self.isInProgress = isInProgress
    commands = try TrainingCommands(found.stored.checkpoint)
  }

  var checkpoint: Checkpoint { inspection.checkpoint }

  var isFinished: Bool { checkpoint.isFinished }

  /// The layers, with their likely problems.
  var layers: [LayerRow] { LayerRow.all(inspection.layers, marks: inspection.marks) }

  var filters: FilterSheet? {
    FilterSheet(
      inspection.layout, checkpoint.state.parameters, input: checkpoint.plan.architecture.input)
  }

  /// The name of a class, label or number.
  var outputNames: [String] {
    (0..<checkpoint.plan.architecture.classes).map(checkpoint.plan.data.outputName)
  }

  /// The value that runs are ranked by: higher is better. It never is a test figure, except where the run has been
  /// chosen by it.
  var rank: Double? {
    bestValue.flatMap { $0.isNaN ? nil : inspection.stored.criterion.isShare ? $0 : -$0 }
  }

  /// Equal for runs whose ranks can be compared: those of one criterion on the same data, and of one loss if the
  /// criterion is a loss.
  var kindOfRank: [String] {
    let (plan, criterion) = (checkpoint.plan, inspection.stored.criterion)
    return [
      "\(criterion)", plan.data.trainingSHA256, plan.data.validationSHA256 ?? "",
      plan.data.testSHA256,
    ] + (criterion.isShare ? [] : SearchOption.ofLoss.map { $0.text(in: plan.options) })
  }

  /// The figure of the best cycle that chose it: an accuracy or a loss.
  var bestValue: Double? {
    let criterion = inspection.stored.criterion
    return checkpoint.history.best(by: criterion).flatMap(criterion.value)
  }

  /// The set that pictures, confusions and comparisons are of: validation, or else test.
  var judged: SetEvaluation? {
    evaluations.first { $0.split == .validation } ?? evaluations.first
  }

  // MARK: Scores

  /// A figure of a set after a cycle, with its interval.
  struct Score: Sendable, Equatable {
    var set: String
    var cycle: Int
    var loss: Double
    var accuracy: Double?
    var interval: Interval?
    /// The cycle was chosen by this figure, so that it is too good.
    var isChosen: Bool
  }

  /// The scores of the best and the last cycle, as the run recorded them.
  var scores: [Score] {
    let criterion = inspection.stored.criterion
    let best = checkpoint.history.best(by: criterion)
    let data = checkpoint.plan.data
    let cycles = [best, checkpoint.history.last].compactMap { $0 }
    let distinct = cycles.count == 2 && cycles[0].cycle == cycles[1].cycle ? [cycles[1]] : cycles
    return distinct.flatMap { record -> [Score] in
      let isBest = record.cycle == best?.cycle
      let sets = [
        (
          "validation", record.validation, data.validationCount ?? 0,
          isBest && [.validationAccuracy, .validationLoss].contains(criterion)
        ),
        ("test", record.test, data.testCount, isBest && criterion == .testAccuracy),
      ]
      return sets.compactMap { name, score, count, isChosen in
        score.map {
          Score(
            set: name, cycle: record.cycle, loss: $0.loss, accuracy: $0.accuracy,
            interval: $0.accuracy.flatMap {
              $0.isFinite ? Interval.wilson(Int(($0 * Double(count)).rounded()), of: count) : nil
            },
            isChosen: isChosen)
        }
      }
    }
  }

  var scoreReport: Report<Score> {
    Report(
      scores,
      columns: [
        Column("set", "set", align: .left, \.set),
        Column("cycle", "after cycle", as: .grouped, \.cycle),
        Column("accuracy", "accuracy", as: .percent, in: .ifKnown, \.accuracy),
        Column(
          "interval", "95 % interval", in: .ifKnown, \.interval,
          text: { score in
            score.interval.map { "\(Numbers.percent($0.lower)) to \(Numbers.percent($0.upper))" }
              ?? "-"
          }),
        Column("loss", "loss", as: .loss, \.loss),
        Column(
          "chosen", "", align: .left, \.isChosen,
          text: { $0.isChosen ? "chosen by this set, so too good" : "" }),
      ])
  }

  // MARK: Pauses

  var pauseReport: Report<RunPause> {
    Report(
      pauses,
      columns: [
        Column(
          "cycles", "in cycle", align: .left, { [$0.cycles.lowerBound, $0.cycles.upperBound] },
          text: { pause in
            pause.cycles.count == 1
              ? "\(pause.cycles.lowerBound)"
              : "\(pause.cycles.lowerBound) to \(pause.cycles.upperBound)"
          }),
        Column("resumes", "resumed", \.resumes) { Numbers.times($0.resumes) },
        Column("seconds", "not trained", as: .duration, \.seconds),
      ])
  }

  // MARK: Operations

  var operationReport: Report<StageGraph.Operation> {
    let plan = checkpoint.plan
    let layers = inspection.layout.layers
    return Report(
      (try? plan.architecture.operations()) ?? [],
      columns: [
        Column("operation", "operation", align: .left, \.name),
        Column("layer", "layer", align: .left, \.layer) { $0.layer ?? "" },
        Column("input", "input", align: .left, \.input.description),
        Column("output", "output", align: .left, \.output.description),
        Column("parameters", "parameters", as: .grouped) { operation in
          layers.first { $0.name == operation.layer }?.parameterCount
        },
      ])
  }
}
