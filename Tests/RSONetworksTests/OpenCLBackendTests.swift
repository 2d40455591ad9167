import BackendConformance
import RSODevices
import RSONetworks
import RSONumerics
import RSORanks
import TestSupport
import Testing

/// A device for tests: PoCL, which Debian has, makes the processor one.
private func openDevice() throws -> OpenCLDevice {
  guard case .found(let devices) = DevicesProgram.devices(),
    let device = devices.first(where: \.lacks.isEmpty)
  else {
    Issue.record("no OpenCL device was tested: PoCL is missing: 'make check-packages'")
    throw MissingDevice()
  }
  return device
}

private struct MissingDevice: Error {}

@Suite("The backend of OpenCL devices", .serialized)
struct OpenCLBackendTests {
  private func backend(_ change: (inout OpenCLDevice) -> Void = { _ in }) throws -> OpenCLBackend {
    var device = try openDevice()
    change(&device)
    return try OpenCLBackend(device, verdict: .agrees(cases: 1))
  }

  /// The processor's losses, statistics and predictions, and a device's, on the same search.
  private func compare(
    _ row: BackendConformance.Case, _ path: NumericPath, _ device: OpenCLBackend
  ) throws {
    let trial = try Trial(network: row.network, task: row.task, cyclic: row.mode != .drawn)
    let backends: [any Backend] = [CPUBackend(), device]
    let evaluators = try backends.map { try trial.evaluator(of: $0, path: path) }
    for evaluator in evaluators {
      evaluator.objective = Trial.objective(row.loss)
      if row.mode == .changedImages {
        evaluator.changeImages { $0.with(pixels: $0.pixels.map { 255 - $0 }) }
      }
    }
    var (count, different) = (0, 0)
    trial.run(evaluators) { losses, _ in
      for (own, other) in zip(losses[0].all, losses[1].all) {
        count += 1
        if !isSame(own, other) { different += 1 }
      }
    }
    #expect(count > 0 && different == 0, "\(different) of \(count) losses differ")
    let statistics = evaluators.map { $0.trainingSetStatistics() }
    #expect(statistics[0] == statistics[1])
    let logits = evaluators.map {
      $0.predictions(for: trial.samples, statistics: statistics[0]).logits
    }
    #expect(logits[0] == logits[1])
    let networks = evaluators.map { evaluator in
      let parameters = evaluator.parameters
      return evaluator.losses(
        ofNetworks: [parameters, parameters.map { $0 * 1.1 }], on: trial.batch(0))
    }
    #expect(zip(networks[0], networks[1]).allSatisfy { isSame($0, $1) })
    #expect(evaluators[1].failure == nil)
  }

  private func isSame(_ own: Double, _ other: Double) -> Bool {
    own.bitPattern == other.bitPattern || own.isNaN && other.isNaN
  }

  @Test("every network, loss and mode gives the processor's bits", arguments: NetworkTable.names)
  func bits(network: String) throws {
    let device = try backend()
    let paths = device.offeredPaths
    let rows = BackendConformance.Case.all.filter { $0.network == network }
    for (index, row) in rows.enumerated() {
      // Large networks take seconds on PoCL: they have one path with each kind of minibatches.
      let isSmall = NetworkTable.small.contains(network)
      for path in isSmall ? paths : [paths[index % paths.count]] { try compare(row, path, device) }
    }
  }

  @Test("a pass in many launches gives the same bits, as does one whose values lie in many buffers")
  func smallMemory() throws {
    let row = BackendConformance.Case(network: "residual", loss: .crossEntropy, mode: .cyclic)
    // One work-group at a time, and buffers for one value each.
    let device = try backend {
      $0.memory = 8 << 10
      $0.largestBuffer = 4 << 10
    }
    try compare(row, .f32, device)
    try compare(row, .f32Direct, device)
  }

  @Test(
    "several rows of work-items, as a GPU has them, give the same bits",
    arguments: NetworkTable.small.sorted())
  func rows(network: String) throws {
    var device = try backend()
    device.options = "-DROWS=4"
    let row = BackendConformance.Case(network: network, loss: .crossEntropy, mode: .cyclic)
    for path in device.offeredPaths { try compare(row, path, device) }
  }

  @Test("the suite of all backends", arguments: NetworkTable.smallest.sorted())
  func conformance(network: String) throws {
    for path in [NumericPath.f32, .f32Direct] {
      let conformance = BackendConformance(try backend(), path: path)
      #expect(try conformance.changedImages(network).isEmpty)
      #expect(try conformance.threads(network).isEmpty)
      #expect(try conformance.neuronBoundaries(network).isEmpty)
      #expect(try conformance.subsets(network).isEmpty)
      #expect(try conformance.networks(network).isEmpty)
      #expect(try conformance.predictions(network).isEmpty)
      for row in BackendConformance.Case.all where row.network == network {
        #expect(try conformance.steps(row).isEmpty, "\(row)")
      }
    }
  }

  @Test("several ranks give the same bits")
  func ranks() throws {
    let trial = try Trial(network: "residual")
    let device = try backend()
    @Sendable func losses(_ evaluator: any Evaluator) -> [Double] {
      let address = WeightAddress(layer: 0, kind: .weight, output: 0)
      evaluator.beginLayer(0, slots: trial.slots)
      evaluator.beginNeuron(output: 0)
      return evaluator.losses(of: address, values: [0.1, 0.2, 0.3], on: trial.batch(0))
    }
    let expected = losses(try trial.evaluator(of: CPUBackend(), path: .f32))
    let found = try InProcessRanks.results(ofGroup: 2) { ranks in
      let request = EvaluatorRequest(
        architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters,
        ranks: ranks)
      return (try? device.makeEvaluator(request)).map(losses)
    }
    #expect(found == [expected, expected])
  }

  @Test("a device that lacks something, or that gives other bits, has no backend")
  func refusals() throws {
    var device = try openDevice()
    let found = device
    #expect(
      throws: DeviceError.untrusted(device, .differs(cases: 9, different: 1, first: "pool"))
    ) { try OpenCLBackend(found, verdict: .differs(cases: 9, different: 1, first: "pool")) }
    #expect(throws: DeviceError.untrusted(device, .fails(reason: "lost"))) {
      try OpenCLBackend(found, verdict: .fails(reason: "lost"))
    }
    device.lacks = [.double]
    let lacking = device
    #expect(throws: DeviceError.lacks(device, [.double])) {
      try OpenCLBackend(lacking, verdict: .agrees(cases: 1))
    }
  }

  @Test("a path of the processor alone is refused by name")
  func paths() throws {
    let trial = try Trial(network: "mlp")
    let error = #expect(throws: NumericPathError.self) {
      try trial.evaluator(of: try backend(), path: .bf16AVX512)
    }
    #expect(try "\(#require(error))".contains("bf16-avx512"))
  }

  @Test("the planned memory of a device is at least what a search allocates")
  func memory() throws {
    let trial = try Trial(network: "mnist-6conv")
    let device = try backend()
    let planned = try device.memory(
      for: Workload(
        architecture: trial.architecture, trainingSamples: trial.samples.count, otherSamples: 0,
        threads: 1
      ) { _ in .init(batchSize: trial.batches[0].count, slots: trial.slots) })
    let evaluator = try #require(
      try trial.evaluator(of: device, path: .f32) as? IncrementalEvaluator)
    trial.run([evaluator]) { _, _ in }
    _ = evaluator.trainingSetStatistics()
    let seen = try #require(evaluator.deviceFigures)
    #expect(planned.deviceBytes >= seen.peakBytes)
    #expect(seen.launches > 100 && seen.sentBytes > 0 && seen.receivedBytes > 0)
  }

  @Test("a network of more stages than a launch has parts of memory gives the same bits")
  func deep() throws {
    let layers = (1...44).flatMap {
      [
        LayerSpec.convolution(name: "conv\($0)", filters: 4, kernel: 3, bias: false),
        .batchNorm(name: nil), .relu,
      ]
    }
    let architecture = Architecture(
      name: "deep", input: ImageShape(channels: 4, height: 4, width: 4), classes: 3,
      layers: layers + [.globalPool(.average), .linear(name: "fc", outputs: 3, bias: true)])
    var random = RandomKey(seed: 5, purpose: .minibatch).stream(1)
    let samples = Samples(
      shape: architecture.input, outputs: 3,
      inputs: .floats((0..<(40 * 64)).map { _ in Float(random.nextNormal()) }),
      targets: .classes((0..<40).map { UInt16($0 % 3) }))
    let parameters = Initializer.parameters(
      layout: try StageGraph(architecture).layout, seed: 3)
    let backends: [any Backend] = [CPUBackend(), try backend()]
    let logits = try backends.map { backend in
      let evaluator = try backend.makeEvaluator(
        EvaluatorRequest(architecture: architecture, samples: samples, parameters: parameters))
      let statistics = evaluator.trainingSetStatistics()
      let logits = evaluator.predictions(for: samples, statistics: statistics).logits
      #expect(evaluator.failure == nil)
      return logits
    }
    #expect(logits[0] == logits[1] && logits[0].contains { $0 != 0 })
  }
}
