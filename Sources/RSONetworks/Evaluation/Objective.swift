import RSONumerics

/// What a search minimises: a loss, and what decides between candidates whose loss is equal.
package struct Objective: Sendable, Hashable {
  /// The factor of the loss that decides between equal ones. Differences of a loss that counts answers are
  /// larger: at least one in a minibatch's samples.
  package static let tieFactor = 1e-6

  package var loss: Loss
  /// A mean loss that is added with the factor `tieFactor`; nil for none. The loss of a whole minibatch changes
  /// only where an answer changes, so most steps could not tell their candidates apart.
  package var tieBreak: Loss?

  /// The factors on the losses of the samples of each class; empty for none. The mean is that of the products:
  /// it is divided by the number of samples.
  package var classWeights: [Float] = []

  package init(_ loss: Loss, tieBreak: Loss? = nil, classWeights: [Float] = []) {
    self.loss = loss
    self.tieBreak = tieBreak
    self.classWeights = classWeights
  }

  /// The weight of a sample.
  package func weight(_ targets: Targets, sample: Int) -> Double {
    guard !classWeights.isEmpty, case .classes(let classes) = targets else { return 1 }
    return Double(classWeights[Int(classes[sample])])
  }

  /// True if it is the mean over samples of one loss, without weights.
  var isPlainMean: Bool { tieBreak == nil && !loss.isOfWholeMinibatch && classWeights.isEmpty }

  /// True if the loss is defined for targets of this task.
  package func suits(_ task: LearningTask) -> Bool {
    loss.suits(task) && (classWeights.isEmpty || task == .classification)
      && tieBreak.map { $0.suits(task) && !$0.isOfWholeMinibatch } ?? true
  }
}
