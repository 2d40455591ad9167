import BackendConformance
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch
import Testing

@Suite("Benchmarks")
struct BenchmarkTests {
  private static func taken(_ seconds: Double) -> TimeTaken {
    TimeTaken(seconds: seconds, processorSeconds: seconds / 2)
  }

  @Test("a layer's cycle is its steps, first visits of each neuron, and loads")
  func total() throws {
    // conv1 of the preset: 16 neurons of 9 weights, then 16 betas and 16 gammas.
    let order = SearchOrder(
      try StageGraph(.preset(named: "mnist-6conv")).layout, options: SearchOptions())
    let timing = LayerTiming(
      layer: 0, step: Self.taken(1), firstVisit: Self.taken(3), load: Self.taken(10))
    let few = timing.total(order: order, slots: 4)
    let steps = 16 * 9 + 16 + 16
    let firstVisits = 16 * 4 + 16 + 16
    #expect(few.seconds == Double(steps + 2 * firstVisits + 7 * 4))
    #expect(few.processorSeconds == few.seconds / 2)
    let many = timing.total(order: order, slots: 1000)
    #expect(many.seconds == Double((1 + 2 + 7) * steps))
  }

  @Test("the median is the middle one")
  func median() {
    let times = [5, 1, 9, 2, 3].map(Self.taken)
    #expect(TimeTaken.median(times) == Self.taken(3))
    #expect(TimeTaken.median([]) == .zero)
  }

  @Test("every layer takes time, more of it on a larger minibatch")
  func layers() throws {
    func time(_ batchSize: Int) throws -> [Double] {
      let benchmark = try LayerBenchmark(
        architecture: .preset(named: "mnist-6conv"), batchSize: batchSize, slots: 2, threads: 1,
        numericPath: "f32", makeEvaluator: Backends.standard.factory(threads: 1))
      #expect(benchmark.judging(training: 100, test: 10).seconds > 0)
      return benchmark.order.layers.map {
        let timing = benchmark.time(layer: $0, seconds: 0)
        #expect(timing.step.processorSeconds > 0 && timing.load.seconds > 0)
        return timing.total(order: benchmark.order, slots: 2).processorSeconds
      }
    }
    let (small, large) = (try time(32), try time(512))
    #expect(small.allSatisfy { $0 > 0 })
    #expect(small.reduce(0, +) < large.reduce(0, +))
  }

  @Test(
    "every network of the table can be timed, on every backend", arguments: NetworkTable.names)
  func table(name: String) throws {
    let network = try NetworkTable.network(named: name).architecture
    for path in Backends.standard.offeredPaths {
      let benchmark = try LayerBenchmark(
        architecture: network, batchSize: 3, slots: 2, threads: 1, numericPath: path.name,
        makeEvaluator: Backends.standard.factory(threads: 1))
      // The reference evaluates all of a large network for every step.
      let isSlow = path == .reference && NetworkTable.large.contains(name)
      for layer in benchmark.order.layers.prefix(isSlow ? 1 : .max) {
        let timing = benchmark.time(layer: layer, seconds: 0)
        #expect(timing.total(order: benchmark.order, slots: 2).seconds > 0, "\(path) \(layer)")
      }
    }
  }

  @Test("a network of a thousand classes can be timed")
  func manyClasses() throws {
    let network = Architecture.automatic(
      input: ImageShape(channels: 2, height: 1, width: 1), outputs: 1000, samples: 3000)
    let benchmark = try LayerBenchmark(
      architecture: network, batchSize: 3, slots: 2, threads: 1, numericPath: "f32",
      makeEvaluator: Backends.standard.factory(threads: 1))
    #expect(benchmark.time(layer: 0, seconds: 0).step.seconds > 0)
  }

  @Test("kernels are timed in operations a second")
  func kernels() throws {
    let kernel = try #require(CPUBackend().benchmarkKernels(on: .f32).first)
    let rate = KernelBenchmark.operationsPerSecond(kernel, seconds: 0.01)
    #expect(rate > 1e7 && rate < 1e13)
  }
}
