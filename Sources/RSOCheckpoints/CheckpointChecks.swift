import RSONetworks
import RSOSearch

extension Checkpoint {
  /// More than any run counts to, so that sums over all layers and cycles stay in range.
  static let mostCounted = 1 << 40

  /// Checks that the parts belong together, before they are saved and after they were read.
  ///
  /// *Throws:* `Defect`, with the object's path in the file.
  func check(_ order: SearchOrder) throws(Defect) {
    let layout = order.layout
    do { try plan.validate() } catch { throw Defect(error, in: "/plan") }
    try require(!plan.numericPath.isEmpty, "/plan", "names no numeric path")
    do { try state.validate(plan, order: order) } catch { throw Defect(error, in: "/search") }
    try checkInitialParameters(order)
    if let statistics { try Self.check(statistics, layout) }
    try checkHistory(layers: layout.layers.count)
    try require(
      (0...Self.mostCounted).contains(provenance.resumes), "/provenance",
      "\(provenance.resumes) resumes, not 0 to \(Self.mostCounted)")
    try require(
      provenance.secondsInCycle.isFinite && provenance.secondsInCycle >= 0, "/provenance",
      "\(provenance.secondsInCycle) seconds in a cycle")
  }

  /// Parameters that a run was given are the plan's at its beginning. Restricted weights are not
  /// compared, because their values before the restriction are not known.
  private func checkInitialParameters(_ order: SearchOrder) throws(Defect) {
    guard let initial = plan.initialParameters, state.cursor == order.first(cycle: 0),
      plan.options.weights == .real
    else { return }
    try require(
      InitialParameters.sha256(of: state.parameters) == initial.sha256, "/parameters",
      "not those that the plan begins with")
  }

  private static func check(
    _ statistics: NormalizationStatistics, _ layout: ParameterLayout
  ) throws(Defect) {
    try require(
      statistics.mean.count == layout.layers.count
        && statistics.variance.count == layout.layers.count,
      "/statistics", "not one entry for each layer")
    for (index, layer) in layout.layers.enumerated() {
      let channels = layer.hasStatistics ? layer.outputs : 0
      let (mean, variance) = (statistics.mean[index], statistics.variance[index])
      try require(
        mean.count == channels && mean.allSatisfy(\.isFinite), "/statistics/\(layer.name)/mean",
        "not a finite number for each of \(channels) channels")
      try require(
        variance.count == channels && variance.allSatisfy { $0.isFinite && $0 >= 0 },
        "/statistics/\(layer.name)/variance",
        "not a finite number of at least 0 for each of \(channels) channels")
    }
  }

  private func checkHistory(layers: Int) throws(Defect) {
    try require(
      history.count == state.cursor.cycle, "/history",
      "\(history.count) rows where \(state.cursor.cycle) cycles are finished")
    for (index, record) in history.enumerated() {
      try require(
        record.cycle == index + 1, "/history/cycle", "row \(index) is of cycle \(record.cycle)")
      try check(record.test, "test", of: record)
      try check(record.validation, "validation", of: record)
      try require(
        (record.validation != nil) == (plan.data.validationCount != nil),
        "/history/validation_loss", "no number, or one without a validation set")
      try require(
        (0...Self.mostCounted).contains(record.evaluations), "/history/evaluations",
        "\(record.evaluations) in cycle \(record.cycle), not 0 to \(Self.mostCounted)")
      try require(
        record.seconds.isFinite && record.seconds >= 0, "/history/seconds",
        "\(record.seconds) in cycle \(record.cycle)")
      try require(
        record.deviations.count == layers
          && record.deviations.allSatisfy { $0.isFinite && $0 >= 0 },
        "/search/deviation",
        "not a finite number of at least 0 for each layer in cycle \(record.cycle)")
      try Self.check(record.tallies, layers: layers, "/history/choices")
    }
  }

  /// A loss may be infinite; an accuracy is a share.
  private func check(
    _ score: SetScore?, _ set: String, of record: CycleRecord
  ) throws(Defect) {
    guard let score else { return }
    let isShare = score.accuracy.map { (0...1).contains($0) }
    try require(
      isShare ?? true, "/history/\(set)_accuracy",
      "\(score.accuracy ?? 0) in cycle \(record.cycle), not 0 to 1")
    try require(
      (isShare != nil) == (plan.data.learningTask == .classification), "/history/\(set)_accuracy",
      "an accuracy of a task that has none, or none of classes")
  }

  private static func check(
    _ tallies: [StepTally], layers: Int, _ object: String
  ) throws(Defect) {
    try require(tallies.count == layers, object, "\(tallies.count) tallies, not \(layers)")
    try require(
      tallies.allSatisfy { $0.kept >= 0 && $0.plus >= 0 && $0.minus >= 0 }, object, "below 0")
    try require(
      tallies.allSatisfy { max($0.kept, $0.plus, $0.minus) <= mostCounted }, object,
      "more steps than a cycle can have")
  }
}
