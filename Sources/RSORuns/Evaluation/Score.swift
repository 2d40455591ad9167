import RSONetworks
import RSONumerics
import RSOSearch

/// How well predictions fit the targets of a set of samples.
package struct Score: Sendable, Equatable {
  /// Mean over the samples.
  package var loss: Double
  /// Share of correctly classified samples, 0 to 1.
  package var accuracy: Double
  /// The class with the largest logit, for each sample. Of equal logits the first one counts.
  package var classes: [UInt16]
  /// The logits that decided the classes. *Shape:* samples x classes.
  package var logits: [Float]

  /// - Parameter targets: One per sample; at least one.
  package init(_ predictions: Predictions, _ targets: Targets, loss: Loss) {
    let labels = targets.classes
    precondition(!labels.isEmpty && predictions.logits.count == labels.count * predictions.classes)
    logits = predictions.logits
    var sum = 0.0
    var right = 0
    classes = []
    classes.reserveCapacity(labels.count)
    for (sample, label) in labels.enumerated() {
      let start = sample * predictions.classes
      let row = predictions.logits[start..<(start + predictions.classes)].map(Double.init)
      let winner = Loss.answer(row)
      sum += loss(row, label: Int(label))
      if winner == Int(label) { right += 1 }
      classes.append(UInt16(winner))
    }
    self.loss = sum / Double(labels.count)
    accuracy = Double(right) / Double(labels.count)
  }

  /// The figures that a cycle records.
  package var summary: SetScore { SetScore(loss: loss, accuracy: accuracy) }
}
