import RSONetworks

/// The candidates of one step: values of one parameter, or networks that differ in many.
enum StepProposal: Sendable {
  case single(Proposal)
  case joint(JointProposal)

  /// The candidates to compare; only the current value if nothing is proposed.
  var choices: [Choice] {
    switch self {
    case .single(let proposal): proposal.choices
    case .joint(let proposal): proposal.choices
    }
  }

  func isFinite(_ choice: Choice) -> Bool {
    switch self {
    case .single(let proposal): proposal.value(choice).isFinite
    case .joint(let proposal): proposal.parameters(choice).allSatisfy(\.isFinite)
    }
  }

  func candidates(_ choices: [Choice]) -> SearchQuestion.Candidates {
    switch self {
    case .single(let proposal):
      .values(proposal.candidates.address, choices.map(proposal.value))
    case .joint(let proposal): .networks(choices.map { proposal.parameters($0) })
    }
  }
}

/// A change of consecutive parameters: W, W + D or W - D.
struct JointProposal: Sendable {
  let current: [Float]
  /// The index of the first changed parameter in the flat vector.
  let offset: Int
  let deltas: [Float]

  var choices: [Choice] { deltas.contains { $0 != 0 } ? Choice.allCases : [.kept] }

  func parameters(_ choice: Choice) -> [Float] {
    switch choice {
    case .kept: current
    case .plus: changed { $0 + $1 }
    case .minus: changed { $0 - $1 }
    }
  }

  func parameters(_ selection: Selection) -> [Float] {
    if selection.isMeasured { return parameters(selection.choice) }
    return changed { $0 + Float(selection.fraction * Double($1)) }
  }

  private func changed(_ change: (Float, Float) -> Float) -> [Float] {
    var result = current
    for (index, delta) in deltas.enumerated() {
      result[offset + index] = change(current[offset + index], delta)
    }
    return result
  }
}
