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
    var options = options
    options.annealCycles = mode == .keep ? options.annealCycles ?? options.cycles : nil
    options.cycles = cycles
    let plan = SearchPlan(
      architecture: architecture, options: options, seed: seed, data: data,
      normalization: normalization, numericPath: numericPath,
      initialParameters: initialParameters)
    try plan.validate()
    return plan
  }
}
