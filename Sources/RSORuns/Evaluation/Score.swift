import RSONetworks
import RSONumerics
import RSOSearch

/// The quality of predictions on a set of samples.
package struct Score: Sendable, Equatable {
  /// The loss of the samples: the mean over them, or that of all together.
  package var loss: Double
  /// Share of correctly classified samples, 0 to 1; nil for other tasks.
  package var accuracy: Double?
  /// The class with the largest logit, for each sample. Of equal logits the first one counts. Empty
  /// for other tasks.
  package var classes: [UInt16] = []
  /// The network's outputs. *Shape:* samples x outputs.
  package var logits: [Float]

  /// - Parameters:
  ///   - targets: One per sample; at least one. Their task is one that the objective suits.
  ///   - purpose: What the samples are, for a program that computes the objective.
  package init(
    _ predictions: Predictions, _ targets: Targets, objective: Objective,
    purpose: ObjectiveSamples.Purpose = .testSet
  ) {
    let loss = objective.loss
    let (count, outputs) = (targets.count, predictions.classes)
    precondition(count > 0 && predictions.logits.count == count * outputs)
    logits = predictions.logits
    var sum = 0.0
    var right = 0
    classes.reserveCapacity(targets.classes.count)
    for sample in 0..<count {
      let row = predictions.logits[(sample * outputs)..<((sample + 1) * outputs)].map(Double.init)
      if !loss.isOfWholeMinibatch {
        sum +=
          objective.weight(targets, sample: sample)
          * loss(row, targets, sample: sample, parameters: objective.parameters)
      }
      guard case .classes(let labels) = targets else { continue }
      let winner = Loss.answer(row)
      if winner == Int(labels[sample]) { right += 1 }
      classes.append(UInt16(winner))
    }
    self.loss =
      loss.isOfWholeMinibatch
      ? predictions.logits.withUnsafeBufferPointer { rows in
        objective.wholeLosses(
          of: [rows], outputs: outputs,
          on: ObjectiveSamples(purpose, indices: (0..<count).map(Int32.init), targets: targets))[0]
      } : sum / Double(count)
    accuracy = targets.task == .classification ? Double(right) / Double(count) : nil
  }

  /// The figures that a cycle records.
  package var summary: SetScore { SetScore(loss: loss, accuracy: accuracy) }
}
