import RSONetworks

/// How well a network classifies labelled images.
package struct EvaluationReport: Sendable, Equatable {
  /// The number of finished cycles.
  package var cycle: Int
  package var samples: Int
  /// Share of correctly classified samples, 0 to 1.
  package var accuracy: Double
  /// Mean of the run's loss over the samples.
  package var loss: Double
  package var lossFunction: Loss
  /// Counts of samples. *Shape:* true classes x predicted classes.
  package var confusion: [[Int]]
  /// The label of every sample.
  package var labels: [UInt16]
  /// The predicted class of every sample.
  package var predictions: [UInt16]
  /// *Shape:* samples x classes.
  package var logits: [Float]

  package init(cycle: Int, labels: [UInt16], score: Score, loss: Loss, classes: Int) {
    self.cycle = cycle
    self.labels = labels
    samples = labels.count
    accuracy = score.accuracy
    self.loss = score.loss
    lossFunction = loss
    predictions = score.classes
    logits = score.logits
    confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (label, prediction) in zip(labels, predictions) {
      confusion[Int(label)][Int(prediction)] += 1
    }
  }
}
