/// Makes the evaluator of a network with the given parameters on the given training samples, on the
/// numeric path that a plan names.
///
/// Runs take a factory in place of a backend, so that tests can put an evaluator of their own there.
package typealias EvaluatorFactory =
  (
    _ architecture: Architecture, _ samples: Samples, _ parameters: [Float], _ numericPath: String
  ) throws -> any Evaluator
