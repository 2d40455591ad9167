import RSONetworks
import RSONumerics
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
    func value(_ choice: Choice, _ fraction: Double? = nil) -> Float {
      proposal.perturbation(
        Selection(choice: choice, fraction: fraction, loss: 0, evaluations: 3)
      ).value
    }
    #expect(value(.kept) == 1.5)
    #expect(value(.plus) == 2)
    #expect(value(.minus) == 1)
    #expect(value(.plus, 0.25) == 1.625)
    #expect(value(.minus, -0.5) == 1.25)
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

  @Test("uniform proposals lie evenly within two deviations, and are what the specification says")
  func uniform() {
    let sampler = PerturbationSampler(seed: 1, distribution: .uniform)
    let key = RandomKey(seed: 1, purpose: .proposal)
    let count = 20_000
    let deltas = (0..<count).map { ordinal in
      let delta = sampler.delta(deviation: 0.25, ordinal: ordinal, layer: 2, cycle: 3)
      var stream = key.stream(ordinal, 2, 3)
      #expect(delta == Float(0.25 * (4 * stream.nextUniform() - 2)))
      return Double(delta)
    }
    #expect(deltas.allSatisfy { abs($0) <= 0.5 })
    // Variance (4 s)^2 / 12; four standard errors of the mean and of the variance.
    #expect(abs(deltas.reduce(0, +) / Double(count)) < 0.0082)
    #expect(abs(deltas.reduce(0) { $0 + $1 * $1 } / Double(count) - 1 / 12.0) < 0.0022)
  }

  @Test("template proposals are the deviation either way, or none, equally often")
  func template() {
    let sampler = PerturbationSampler(seed: 1, distribution: .template)
    let count = 9_000
    var found: [Float: Int] = [:]
    for ordinal in 0..<count {
      found[sampler.delta(deviation: 0.25, ordinal: ordinal, layer: 2, cycle: 3), default: 0] += 1
    }
    #expect(Set(found.keys) == [-0.25, 0, 0.25])
    // Four standard errors of a count: sqrt(n 2/9).
    #expect(found.values.allSatisfy { abs($0 - count / 3) < 179 })
  }

  @Test("the first of the changes proposed together is the one proposed alone")
  func together() {
    let sampler = PerturbationSampler(seed: 5)
    let deltas = sampler.deltas(
      deviations: [0.25, 0.5, 0.5], ordinal: 3, layer: 1, cycle: 2)
    #expect(deltas[0] == sampler.delta(deviation: 0.25, ordinal: 3, layer: 1, cycle: 2))
    #expect(Set(deltas).count == 3)
  }
}
