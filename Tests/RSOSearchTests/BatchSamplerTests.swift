import RSONetworks
import RSOSearch
import Testing

@Suite("BatchSampler")
struct BatchSamplerTests {
  private func sampler(
    _ batching: Batching, batchSize: Int = 6, phaseSamples: Int? = nil, samples: Int = 26,
    factors: [String: Int] = [:]
  ) -> BatchSampler {
    var options = SearchOptions()
    options.batching = batching
    options.batchSize = BatchSchedule(batchSize)
    options.phaseSamples = phaseSamples
    options.batchFactors = BatchFactors(factors)
    return BatchSampler(
      options: options, seed: 3, samples: samples, layers: ["first", "second"])
  }

  private func minibatches(_ batches: LayerBatches, _ count: Int) -> [Minibatch] {
    var batches = batches
    return (0..<count).map { batches.minibatch(ordinal: $0) }
  }

  private func isDistinct(_ samples: [Int32], below bound: Int32) -> Bool {
    Set(samples).count == samples.count && samples.allSatisfy { (0..<bound).contains($0) }
  }

  @Test("cyclic batches partition the samples, drop the rest, and come again in turn")
  func cyclic() {
    let batches = sampler(.cyclic).batches(layer: 1, cycle: 2)
    #expect(batches.slots == 4)
    let visited = minibatches(batches, 10)
    #expect(isDistinct(visited[..<4].flatMap(\.samples), below: 26))
    #expect(visited.allSatisfy { $0.samples.count == 6 })
    #expect(visited.map(\.slot) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1])
    #expect((4..<10).allSatisfy { visited[$0] == visited[$0 - 4] })
  }

  @Test("a phase's rotation uses as many samples as asked for, others in every layer")
  func cyclicPhase() {
    let sampler = sampler(.cyclic, phaseSamples: 13)
    let batches = sampler.batches(layer: 0, cycle: 0)
    #expect(batches.slots == 2)
    #expect(isDistinct(minibatches(batches, 2).flatMap(\.samples), below: 26))
    #expect(
      minibatches(sampler.batches(layer: 1, cycle: 0), 2).map(\.samples)
        != minibatches(batches, 2).map(\.samples))
  }

  @Test("the phase's samples are the first of the layer's shuffle")
  func phaseIsPrefix() {
    #expect(
      minibatches(sampler(.cyclic, phaseSamples: 13).batches(layer: 0, cycle: 0), 2)
        == minibatches(sampler(.cyclic).batches(layer: 0, cycle: 0), 2))
  }

  @Test("a layer's batches are a multiple of the others', of the same shuffle")
  func factors() {
    let plain = sampler(.cyclic)
    let multiplied = sampler(.cyclic, factors: ["second": 2])
    #expect(
      minibatches(multiplied.batches(layer: 0, cycle: 0), 5)
        == minibatches(plain.batches(layer: 0, cycle: 0), 5))
    let batches = multiplied.batches(layer: 1, cycle: 0)
    #expect(batches.slots == 2)
    let pairs = minibatches(batches, 2).map(\.samples)
    let single = minibatches(plain.batches(layer: 1, cycle: 0), 4).map(\.samples)
    #expect(pairs == [single[0] + single[1], single[2] + single[3]])
  }

  @Test("a multiple is at most all samples that there are", arguments: Batching.allCases)
  func largestFactor(batching: Batching) {
    for factor in [5, Int.max] {
      let all = sampler(batching, factors: ["second": factor]).batches(layer: 1, cycle: 0)
      #expect(minibatches(all, 1)[0].samples.count == 26)
      let phase = sampler(batching, phaseSamples: 20, factors: ["second": factor])
      #expect(minibatches(phase.batches(layer: 1, cycle: 0), 1)[0].samples.count == 20)
    }
  }

  @Test("random batches hold different samples, and each parameter has its own")
  func random() {
    let batches = sampler(.random).batches(layer: 0, cycle: 0)
    #expect(batches.slots == 0)
    let drawn = minibatches(batches, 200)
    #expect(drawn.allSatisfy { $0.slot == nil && $0.samples.count == 6 })
    #expect(drawn.allSatisfy { isDistinct($0.samples, below: 26) })
    #expect(Set(drawn).count == 200)
    #expect(Set(drawn.flatMap(\.samples)).count == 26)
  }

  @Test("random batches of a phase stay in its subset")
  func randomPhase() {
    let rotation = sampler(.cyclic, batchSize: 13, phaseSamples: 13).batches(layer: 0, cycle: 0)
    let subset = Set(minibatches(rotation, 1)[0].samples)
    let drawn = minibatches(sampler(.random, phaseSamples: 13).batches(layer: 0, cycle: 0), 100)
    #expect(Set(drawn.flatMap(\.samples)) == subset)
    #expect(drawn.allSatisfy { isDistinct($0.samples, below: 26) })
  }

  @Test("a batch does not depend on those drawn before it", arguments: Batching.allCases)
  func independence(batching: Batching) {
    let sampler = sampler(batching, phaseSamples: 20)
    let inOrder = minibatches(sampler.batches(layer: 1, cycle: 1), 12)
    var batches = sampler.batches(layer: 1, cycle: 1)
    for ordinal in [11, 3, 7, 0, 11, 5] {
      #expect(batches.minibatch(ordinal: ordinal) == inOrder[ordinal])
    }
  }

  @Test("layers, cycles and seeds have batches of their own", arguments: Batching.allCases)
  func places(batching: Batching) {
    let sampler = sampler(batching)
    let places = [(0, 0), (0, 1), (1, 0), (1, 1)].map { layer, cycle in
      minibatches(sampler.batches(layer: layer, cycle: cycle), 4)
    }
    #expect(Set(places).count == 4)
  }

  @Test("a batch may be the whole training set", arguments: Batching.allCases)
  func wholeSet(batching: Batching) {
    let batch = minibatches(sampler(batching, batchSize: 26).batches(layer: 0, cycle: 0), 1)[0]
    #expect(batch.samples.sorted() == Array(0..<26))
  }
}
