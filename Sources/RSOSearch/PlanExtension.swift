/// What a different number of cycles does to the deviations of the proposals.
package enum PlanExtension: String, Sendable, CaseIterable {
  /// The schedule stays as it was; cycles beyond its end have its last deviation.
  case keep
  /// From here on the deviations are those of a run planned with the new number of cycles.
  case rescale
}

extension SearchPlan {
  /// The same run with another end.
  ///
  /// *Throws:* when `cycles` does not lie beyond the cycles that are finished; what `validate()` does.
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
