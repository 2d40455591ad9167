import RSONetworks

/// Makes the evaluator of a network with these parameters on these training samples, which computes
/// on the plan's numeric path.
package typealias EvaluatorFactory =
  (
    _ architecture: Architecture, _ samples: Samples, _ parameters: [Float], _ numericPath: String
  ) throws -> any Evaluator
