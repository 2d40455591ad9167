/// The effect of another number of cycles on the deviation of the proposals.
package enum PlanExtension: String, Sendable, CaseIterable {
  /// The planned cycles keep their deviation. Further cycles use that of the last planned cycle.
  case keep
  /// From now on the deviation is that of a run planned with the new number of cycles.
  case rescale
}

extension SearchPlan {
  /// Returns the plan of the same run with another number of cycles.
  ///
  /// *Throws:* `SearchError.cyclesAlreadyDone` if `cycles` are finished already; the errors of
  /// `validate()`.
  package func extended(to cycles: Int, finished: Int, _ mode: PlanExtension) throws -> SearchPlan {
    guard cycles > finished else {
      throw SearchError.cyclesAlreadyDone(requested: cycles, finished: finished)
    }
    var plan = self
    plan.options.annealCycles = mode == .keep ? options.annealCycles ?? options.cycles : nil
    plan.options.cycles = cycles
    try plan.validate()
    return plan
  }

  /// Returns true if both are plans of one run, which may have been extended. The number of cycles, the
  /// names of the data and of the file with the initial weights do not count; the contents do.
  ///
  /// - Parameter acceptsOtherPath: True if the numeric path may differ too.
  package func isOfSameRun(as other: SearchPlan, acceptsOtherPath: Bool = false) -> Bool {
    var plan = self
    plan.options.cycles = other.options.cycles
    plan.options.annealCycles = other.options.annealCycles
    plan.data.name = other.data.name
    if let source = other.initialParameters?.source { plan.initialParameters?.source = source }
    if acceptsOtherPath { plan.numericPath = other.numericPath }
    return plan == other
  }
}
