import RSORuns

extension ReportedRun {
  /// The JSON of one run.
  struct Facts: Encodable {
    var name: String
    var inProgress: Bool
    var finished: Bool
    /// The facts that `rso inspect --json` prints.
    var checkpoint: CheckpointFacts
    var scores: ReportValue
    var operations: ReportValue
    var pauses: ReportValue
    var weights: ReportValue
    var weightsByCycle: ReportValue
    var filters: ReportValue
    var evaluations: ReportValue
    var notEvaluated: String?
    var commands: [String]
  }

  var facts: Facts {
    var facts = CheckpointFacts(inspection, path: path)
    facts.history = history.cyclesJSON
    return Facts(
      name: name, inProgress: isInProgress, finished: isFinished, checkpoint: facts,
      scores: scoreReport.json, operations: operationReport.json, pauses: pauseReport.json,
      weights: .list(WeightDistribution.all(inspection).map(\.json)),
      weightsByCycle: weightsByCycle?.json ?? .missing,
      filters: filters?.json ?? .missing, evaluations: .list(evaluations.map(\.json)),
      notEvaluated: noEvaluation, commands: commands.lines)
  }
}
