import RSONetworks
import RSONumerics
import RSOSearch

/// A network's answers for a set of samples, and how well they fit.
package struct EvaluationReport: Sendable, Equatable {
  /// The number of finished cycles.
  package var cycle: Int
  package var samples: Int
  /// The share of correctly classified samples, 0 to 1; nil for other tasks.
  package var accuracy: Double?
  /// The run's loss of the samples; nil if it is not defined for them.
  package var loss: Double?
  package var lossFunction: Loss
  /// The units in which the loss takes numbers to predict.
  package var targetScales: TargetScales
  /// The correct answers.
  package var targets: Targets
  /// The predicted class of every sample; empty for other tasks.
  package var predictions: [UInt16]
  /// Logits of classes or labels, or numbers. *Shape:* samples x outputs.
  package var outputs: [Float]

  package init(
    cycle: Int, targets: Targets, score: Score, loss: Loss, targetScales: TargetScales = .init()
  ) {
    self.cycle = cycle
    self.targets = targets
    samples = targets.count
    accuracy = score.accuracy
    self.loss = loss.isDefined(on: targets) ? score.loss : nil
    lossFunction = loss
    self.targetScales = targetScales
    predictions = score.classes
    outputs = score.logits
  }
}
