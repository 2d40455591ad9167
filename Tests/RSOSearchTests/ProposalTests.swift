import RSONetworks
import RSOSearch
import Testing

@Suite("Proposal")
struct ProposalTests {
  let address = WeightAddress(layer: 0, kind: .weight, output: 0, index: 3)

  @Test("candidates lie around the decayed value")
  func decay() {
    let proposal = Proposal(address: address, value: 2, delta: 0.5, weightDecay: 0.25)
    #expect(
      proposal.candidates == Candidates(address: address, current: 1.5, plus: 2, minus: 1))
    #expect(proposal.perturbation(.kept).value == 1.5)
    #expect(proposal.perturbation(.plus).value == 2)
    #expect(proposal.perturbation(.minus).value == 1)
  }

  @Test("without decay the value is untouched")
  func noDecay() {
    let value: Float = 0.1
    let proposal = Proposal(address: address, value: value, delta: 0.5, weightDecay: 0)
    #expect(proposal.candidates.current.bitPattern == value.bitPattern)
  }

  /// Computed apart from this program: Philox and the inverse of the normal distribution in
  /// Python's integers and `statistics.NormalDist`.
  @Test("proposals are what the specification of the draws says")
  func pinned() {
    let sampler = PerturbationSampler(seed: 7)
    let found = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (143, 5, 49)].map {
      sampler.delta(deviation: 0.25, ordinal: $0, layer: $1, cycle: $2)
    }
    #expect(found == Self.expected)
  }

  private static let expected: [Float] = [
    -0.167959675, -0.406548917, -0.178753898, 0.14264901, -0.0157545004,
  ]

  @Test("proposals have the deviation asked for and no preferred sign")
  func distribution() {
    let sampler = PerturbationSampler(seed: 1)
    let count = 20_000
    let deltas = (0..<count).map {
      Double(sampler.delta(deviation: 0.25, ordinal: $0, layer: 2, cycle: 3))
    }
    let mean = deltas.reduce(0, +) / Double(count)
    let variance = deltas.reduce(0) { $0 + $1 * $1 } / Double(count)
    // Four standard errors: 0.25 / sqrt(n), and 0.0625 sqrt(2 / n).
    #expect(abs(mean) < 0.0071)
    #expect(abs(variance - 0.0625) < 0.0025)
  }
}
