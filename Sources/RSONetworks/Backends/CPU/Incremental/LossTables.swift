/// The tables of an objective, as the kernels read them.
struct LossTables {
  /// A factor for each class, or for each number to predict; nil for none.
  let weights: FloatStorage?
  /// The cost of each answer to samples of each class; nil: 1 for a wrong answer.
  let costs: FloatStorage?

  init(_ objective: Objective? = nil) {
    weights = objective.flatMap {
      FloatStorage($0.classWeights.isEmpty ? $0.parameters.targetWeights : $0.classWeights)
    }
    costs = objective.flatMap { FloatStorage($0.parameters.costs) }
  }
}
