/// One of the three candidates of a step.
package enum Choice: Int, Sendable, Hashable, CaseIterable {
  case kept, plus, minus
}

/// The outcome of one comparison.
package struct Selection: Sendable, Hashable {
  package var choice: Choice
  /// The fraction of the proposed change that is taken: -1 to 1.
  package var fraction: Double
  /// The chosen candidate's loss; nil if nothing was compared. For a value between candidates,
  /// whose loss is not known, it is the smallest of the candidates' losses.
  package var loss: Double?
  /// The number of losses evaluated.
  package var evaluations: Int

  package init(choice: Choice, fraction: Double? = nil, loss: Double?, evaluations: Int) {
    self.choice = choice
    self.fraction = fraction ?? choice.fraction
    self.loss = loss
    self.evaluations = evaluations
  }

  /// The outcome of a step that proposes no change.
  static let nothingProposed = Selection(choice: .kept, loss: nil, evaluations: 0)

  /// True if `loss` is that of the chosen value; false for a value between candidates.
  package var isMeasured: Bool { fraction == choice.fraction }
}

extension Choice {
  /// The fraction of the proposed change that the candidate is.
  package var fraction: Double {
    switch self {
    case .kept: 0
    case .plus: 1
    case .minus: -1
    }
  }
}

/// The way in which a step chooses between its candidates.
package enum SelectionRule: String, OptionValue, CaseIterable {
  /// The candidate with the smallest loss. A tie keeps the current value, and plus precedes minus.
  /// *Paper:* § 3, Algorithm 1.
  case best
  /// Plus if it is better than the current value; minus is then not evaluated. Otherwise the best.
  case first
  /// The minimum of the parabola through the three losses if it lies between the candidates; otherwise the
  /// best. Not in the paper.
  case vertex

  /// Compares the candidates. A loss that is not finite is worse than any other, and so is a candidate that
  /// is not finite: a ReLU can hide an infinite weight from the loss.
  ///
  /// - Parameters:
  ///   - choices: The available candidates, the current value among them.
  ///   - known: The current value's loss, if it is known already.
  ///   - isFinite: Tells if a candidate is finite.
  ///   - evaluate: Returns the losses of candidates, in their order.
  ///
  /// - Returns: nil if no candidate is finite and has a finite loss.
  package func select(
    among choices: [Choice] = Choice.allCases, known: Double? = nil,
    isFinite: (Choice) -> Bool = { _ in true },
    evaluate: (_ candidates: [Choice]) -> [Double]
  ) -> Selection? {
    var comparison = Comparison(self, among: choices, known: known)
    while case let wanted = comparison.wanted, !wanted.isEmpty {
      comparison.take(evaluate(wanted), isFinite: isFinite)
    }
    return comparison.selection
  }
}
