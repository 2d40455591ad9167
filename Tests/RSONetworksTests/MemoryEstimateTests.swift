import RSONetworks
import Testing

@Suite("MemoryEstimate")
struct MemoryEstimateTests {
  private func estimate(
    _ preset: String, samples: Int = 60_000, batchSize: Int = 5000, population: Int? = nil
  ) throws -> MemoryEstimate {
    try MemoryEstimate(
      architecture: .preset(named: preset), samples: samples, others: 10_000, threads: 2
    ) { _ in .init(batchSize: batchSize, slots: (population ?? samples) / batchSize) }
  }

  @Test("MNIST takes less than 3 GB at any size of minibatch", arguments: [50, 250, 1000, 5000])
  func mnist(batchSize: Int) throws {
    let estimate = try estimate("mnist-6conv", batchSize: batchSize)
    #expect(estimate.peak < 3_000_000_000)
    // The smallest that is kept of all samples at once: conv3's output.
    #expect(estimate.peak > 60_000 * 16 * 14 * 14 * 4)
  }

  @Test(
    "CIFAR-10 takes less than 6 GB at any size of minibatch",
    arguments: ["cifar-depth3", "cifar-depth5", "cifar-depth10"], [100, 500, 5000])
  func cifar(preset: String, batchSize: Int) throws {
    let estimate = try estimate(preset, samples: 50_000, batchSize: batchSize)
    #expect(estimate.peak < 6_000_000_000)
  }

  @Test("smaller minibatches and fewer samples in a rotation take less")
  func options() throws {
    let whole = try estimate("cifar-depth10", samples: 50_000)
    let small = try estimate("cifar-depth10", samples: 50_000, batchSize: 500)
    let part = try estimate("cifar-depth10", samples: 50_000, population: 10_000)
    #expect(small.activations < whole.activations)
    #expect(part.activations < whole.activations)
    #expect(whole.peak == whole.program + whole.samples + whole.network + whole.activations)
  }
}
