import RSONetworks

/// Which of the three candidates a step takes.
package enum Choice: Sendable, Hashable {
  case kept, plus, minus
}

/// The outcome of one comparison.
package struct Selection: Sendable, Hashable {
  package var choice: Choice
  /// The chosen candidate's loss.
  package var loss: Double

  package init(choice: Choice, loss: Double) {
    self.choice = choice
    self.loss = loss
  }

  /// Takes the candidate of the smallest loss: a tie keeps the current value, and plus goes before
  /// minus. A loss that is not finite is worse than any other. Nil when none is finite.
  package init?(_ losses: CandidateLosses) {
    self.init(choice: .kept, loss: .infinity)
    for (choice, loss) in [
      (Choice.kept, losses.current), (.plus, losses.plus), (.minus, losses.minus),
    ] where loss.isFinite && loss < self.loss {
      self = Selection(choice: choice, loss: loss)
    }
    if self.loss == .infinity { return nil }
  }

  /// The same for candidates of which some may not be finite themselves. One that is not is out of
  /// the question, whatever its loss: a ReLU can hide an infinite weight from the loss.
  package init?(_ losses: CandidateLosses, among candidates: Candidates) {
    var losses = losses
    if !candidates.current.isFinite { losses.current = .infinity }
    if !candidates.plus.isFinite { losses.plus = .infinity }
    if !candidates.minus.isFinite { losses.minus = .infinity }
    self.init(losses)
  }
}
