import RSONetworks

/// Makes the evaluator of a network with these parameters on these training samples.
package typealias EvaluatorFactory =
  (_ architecture: Architecture, _ samples: Samples, _ parameters: [Float]) throws -> any Evaluator
