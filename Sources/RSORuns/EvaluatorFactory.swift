import RSONetworks

/// Makes an evaluator of a network with these parameters for these training samples. It computes on the
/// numeric path of the plan.
package typealias EvaluatorFactory =
  (
    _ architecture: Architecture, _ samples: Samples, _ parameters: [Float], _ numericPath: String
  ) throws -> any Evaluator
