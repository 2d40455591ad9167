import RSONetworks
import RSONumerics
import Testing

@Suite("MemoryEstimate")
struct MemoryEstimateTests {
  private func estimate(
    _ preset: String, samples: Int = 60_000, batchSize: Int = 5000, phaseSamples: Int? = nil
  ) throws -> MemoryEstimate {
    try Backends.standard.memory(
      for: Workload(
        architecture: .preset(named: preset), trainingSamples: samples, otherSamples: 10_000,
        threads: 2
      ) { _ in .init(batchSize: batchSize, slots: (phaseSamples ?? samples) / batchSize) })
  }

  @Test("MNIST takes less than 3 GB at any size of minibatch", arguments: [50, 250, 1000, 5000])
  func mnist(batchSize: Int) throws {
    let estimate = try estimate("mnist-6conv", batchSize: batchSize)
    #expect(estimate.peak < 3_000_000_000)
    // At least conv3's output is kept for all samples at once.
    #expect(estimate.peak > 60_000 * 16 * 14 * 14 * 4)
  }

  @Test(
    "CIFAR-10 takes less than 6 GB at any size of minibatch",
    arguments: ["cifar-depth3", "cifar-depth5", "cifar-depth10"], [100, 500, 5000])
  func cifar(preset: String, batchSize: Int) throws {
    let estimate = try estimate(preset, samples: 50_000, batchSize: batchSize)
    #expect(estimate.peak < 6_000_000_000)
  }

  @Test("a network that fits no machine can be counted, too")
  func enormous() throws {
    let layers =
      (1...8).map {
        LayerSpec.convolution(name: "conv\($0)", filters: 16, kernel: 3, bias: false)
      } + [LayerSpec.globalPool(.maximum), .linear(name: "fc", outputs: 2, bias: true)]
    let architecture = Architecture(
      name: "enormous", input: ImageShape(channels: 1, height: 512, width: 512), classes: 2,
      layers: layers)
    let count = Int(Int32.max)
    let estimate = try Backends.standard.memory(
      for: Workload(
        architecture: architecture, trainingSamples: count, otherSamples: count, threads: 2
      ) { _ in .init(batchSize: 1, slots: count) })
    #expect(estimate.peak > 1 << 48)
  }

  @Test("smaller minibatches and fewer samples in a rotation take less")
  func options() throws {
    let whole = try estimate("cifar-depth10", samples: 50_000)
    let small = try estimate("cifar-depth10", samples: 50_000, batchSize: 500)
    let part = try estimate("cifar-depth10", samples: 50_000, phaseSamples: 10_000)
    #expect(small.activations < whole.activations)
    #expect(part.activations < whole.activations)
    #expect(whole.peak == whole.program + whole.samples + whole.network + whole.activations)
  }
}
