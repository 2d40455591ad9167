/// The numbers that some losses depend on besides outputs and targets.
package struct LossParameters: Sendable, Hashable {
  /// The part of each target that the cross entropy spreads evenly over all classes: 0 to below 1.
  package var labelSmoothing: Float = 0
  /// The exponent of the focal loss; at least 0.
  package var focalGamma: Float = 2
  /// The cost of each answer to samples of each class. *Shape:* classes x answers, row-major. Empty: a wrong answer
  /// costs 1.
  package var costs: [Float] = []
  /// The number of largest logits among which `top-k` looks for the class; at least 1.
  package var topK = 5
  /// The quantile that the loss of this name has its minimum at: above 0 and below 1.
  package var quantile: Float = 0.5
  /// A factor for each number to predict, by which errors are multiplied before the loss is taken. Empty: 1.
  package var targetWeights: [Float] = []

  package init() {}
}
