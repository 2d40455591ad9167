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

  package init(_ loss: Loss, tieBreak: Loss? = nil) {
    self.loss = loss
    self.tieBreak = tieBreak
  }

  /// True if it is a mean over samples of one loss.
  var isMean: Bool { tieBreak == nil && !loss.isOfWholeMinibatch }

  /// True if the loss is defined for targets of this task.
  package func suits(_ task: LearningTask) -> Bool {
    loss.suits(task) && tieBreak.map { $0.suits(task) && !$0.isOfWholeMinibatch } ?? true
  }
}
