import RSONetworks

/// How a network does on labelled images.
package struct EvaluationReport: Sendable, Equatable {
  /// Finished cycles.
  package var cycle: Int
  package var samples: Int
  /// Share of rightly classified samples, 0 to 1.
  package var accuracy: Double
  /// Mean of the run's loss.
  package var loss: Double
  package var lossFunction: Loss
  /// Counts: a row a true class, a column a predicted one.
  package var confusion: [[Int]]
  /// The label and the predicted class of every sample.
  package var labels: [UInt8]
  package var predictions: [UInt8]
  /// Samples x classes.
  package var logits: [Float]

  package init(cycle: Int, labels: [UInt8], score: Score, loss: Loss, classes: Int) {
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
