import RSONetworks

/// How well a network answers for labelled samples.
package struct EvaluationReport: Sendable, Equatable {
  /// The number of finished cycles.
  package var cycle: Int
  package var samples: Int
  /// Share of correctly classified samples, 0 to 1; nil for other tasks, as are the classes.
  package var accuracy: Double?
  /// Mean of the run's loss over the samples.
  package var loss: Double
  package var lossFunction: Loss
  /// Counts of samples. *Shape:* true classes x predicted classes; empty for other tasks.
  package var confusion: [[Int]]
  /// The label of every sample.
  package var labels: [UInt16]
  /// The predicted class of every sample.
  package var predictions: [UInt16]
  /// *Shape:* samples x outputs.
  package var logits: [Float]

  package init(cycle: Int, labels: [UInt16], score: Score, loss: Loss, classes outputs: Int) {
    self.cycle = cycle
    self.labels = labels
    samples = score.logits.count / outputs
    accuracy = score.accuracy
    self.loss = score.loss
    lossFunction = loss
    predictions = score.classes
    logits = score.logits
    let classes = score.accuracy == nil ? 0 : outputs
    confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (label, prediction) in zip(labels, predictions) {
      confusion[Int(label)][Int(prediction)] += 1
    }
  }
}
