import ArgumentParser
import RSODatasets
import RSONetworks
import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

/// `rso bench`: measures how fast this machine trains.
package struct BenchCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso bench",
    abstract: "Measure how fast this machine trains a network.",
    discussion: """
      Times the kernels and the steps of every layer, and predicts the time of a cycle and of a run, \
      and the memory. With --losses, prints the losses of given steps instead, so that other programs \
      can compare theirs. Under a launcher of MPI, also counts the messages between ranks, and predicts \
      the time on more cores.
      """,
    version: Version.current)

  private static let counts = 1...Int(Int32.max)

  @OptionGroup(title: "Network and data") var network: NetworkOptions

  @Option(
    name: .customLong("batch-size"),
    help: ArgumentHelp(
      "The number of training samples in a minibatch. (default: 5000, or all if there are fewer)",
      valueName: "n"), transform: OptionText.whole(counts))
  var batchSizeOption: Int?

  @Option(
    help: ArgumentHelp(
      "Cut the minibatches of a layer from this many training samples. (default: all)",
      valueName: "n"), transform: OptionText.whole(counts))
  var phaseSamples: Int?

  @Option(
    help: ArgumentHelp("The number of cycles of the run.", valueName: "n"),
    transform: OptionText.whole(counts))
  var cycles = SearchOptions().cycles

  @Option(
    help: ArgumentHelp("The number of training samples.", valueName: "n"),
    transform: OptionText.whole(counts))
  var samples = 60_000

  @Option(
    help: ArgumentHelp("The number of test samples.", valueName: "n"),
    transform: OptionText.whole(counts))
  var testSamples = 10_000

  @Option(
    help: ArgumentHelp(
      "Arithmetic: \(Precision.choices).", valueName: "type"),
    completion: .list(Precision.allValueStrings))
  var precision = Precision.f32

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var device: DeviceOptions

  @Option(
    help: ArgumentHelp(
      "Time only these layers, and no kernels: names separated by commas.", valueName: "names"))
  var layers: String?

  @Option(
    help: ArgumentHelp("The approximate time for the steps of all layers.", valueName: "s"),
    transform: OptionText.number("0 to 1000000", in: 0...1e6))
  var seconds = 15.0

  @Option(
    help: ArgumentHelp(
      "Print the losses of the steps in a JSON file, as JSON.", valueName: "file"),
    completion: .file())
  var losses: String?

  @Option(
    help: ArgumentHelp(
      "The weights for --losses: a checkpoint, safetensors, npz or ONNX.", valueName: "file"),
    completion: .run)
  var weights: String?

  @OptionGroup(title: "Samples for --losses") var dataOptions: DataOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  package init() {}

  package func validate() throws {
    if rotation > samples {
      throw ValidationError(
        "invalid phase-samples '\(rotation)': expected at most \(samples), the number of --samples")
    }
    if batchSize > rotation {
      throw ValidationError(
        "invalid batch-size '\(batchSize)': expected at most \(rotation), the number of samples")
    }
    if (losses == nil) != (weights == nil) {
      throw ValidationError("--losses and --weights need each other; give both")
    }
    if losses != nil, layers != nil {
      throw ValidationError("--layers is for timing; leave it out with --losses")
    }
  }

  package func run() throws {
    if let losses, let weights { return try printLosses(of: losses, weights: weights) }
    var ranks = RunRanks(connects: true)
    let (architecture, device) = try ranks.preparing {
      let architecture =
        try network.architecture() ?? .preset(named: Architecture.presetNames[0])
      let layout = try StageGraph(architecture).layout
      let names = try layerIndices(layout).map { layout.layers[$0].name }
      let device = try chosenDevice(ranks) { path, backends in
        try timedMemory(architecture, path, layers: names, ranks, backends)
      }
      return (architecture, device)
    }
    try ranks.begin(nil, continues: false)
    let report = try benchmark(architecture, ranks, device)
    if !ranks.isFollower { try answer(json ? try JSONText.encode(report) : report.text) }
    ranks.end()
  }

  /// Samples in the rotation of a layer.
  private var rotation: Int { phaseSamples ?? samples }
  private var batchSize: Int {
    batchSizeOption ?? SearchOptions().defaultBatchSize(samples: rotation).last
  }
  private var minibatches: Int { rotation / batchSize }

  /// Checks the memory that timing needs: a few minibatches of the layers that are timed, where a run
  /// has all minibatches of all layers.
  ///
  /// *Throws:* `CommandError.tooLarge`.
  private func checkMemory(
    _ architecture: Architecture, _ path: NumericPath, layers: [String], _ ranks: RunRanks,
    _ device: ChosenDevice
  ) throws {
    let memory = try timedMemory(architecture, path, layers: layers, ranks, device.backends)
    try device.check(memory)
    let needed = memory.peak * ranks.countHere
    if let limit = MachineMemory.current().limit, needed > limit {
      throw CommandError.tooLarge(
        what: "timing", needs: Numbers.bytes(needed), has: Numbers.bytes(limit),
        advice: "try a smaller --batch-size")
    }
  }

  private func timedMemory(
    _ architecture: Architecture, _ path: NumericPath, layers: [String], _ ranks: RunRanks,
    _ backends: Backends
  ) throws -> MemoryEstimate {
    let slots = LayerBenchmark.timedSlots(batchSize: batchSize, slots: minibatches)
    return try backends.memory(
      for: Workload(
        architecture: architecture, trainingSamples: slots * batchSize, otherSamples: 0,
        threads: threads.count, path: path, ranks: ranks.all
      ) { layer in .init(batchSize: layers.contains(layer) ? batchSize : 1, slots: slots) })
  }

  /// Returns what computes, and says so if the user has chosen it.
  private func chosenDevice(
    _ ranks: RunRanks, memory: (NumericPath, Backends) throws -> MemoryEstimate
  ) throws -> ChosenDevice {
    let path = try Backends.standard.path(of: precision)
    let say: (String) -> Void = { if !ranks.isFollower { StandardStreams.say($0) } }
    let chosen = try DeviceChooser(ranks.launch, say: say).chosen(device.device, path: path) {
      try memory(path, $0)
    }
    if let remark = chosen.remark { say(remark) }
    return chosen
  }

  private func benchmark(
    _ architecture: Architecture, _ ranks: RunRanks, _ device: ChosenDevice
  ) throws -> BenchmarkReport {
    let path = try Backends.standard.path(of: precision)
    let backend = try device.backends.backend(for: path)
    let graph = try StageGraph(architecture)
    let chosen = try layerIndices(graph.layout)
    let memory = try backend.memory(
      for: Workload(
        architecture: architecture, trainingSamples: samples, otherSamples: testSamples,
        threads: threads.count, path: path, ranks: ranks.all
      ) { _ in .init(batchSize: batchSize, slots: minibatches) })
    try checkMemory(
      architecture, path, layers: chosen.map { graph.layout.layers[$0].name }, ranks, device)
    let kernels = backend.benchmarkKernels(on: path)
    let before = calibrate(kernels)
    let rates =
      layers != nil
      ? []
      : kernels.map { kernel in
        (kernel.name, KernelBenchmark.operationsPerSecond(kernel, seconds: 0.1))
      }
    let measured = MeasuredRanks(ranks.all)
    let benchmark = try LayerBenchmark(
      architecture: architecture, batchSize: batchSize, slots: minibatches, threads: threads.count,
      numericPath: path.name, ranks: measured,
      makeEvaluator: Evaluators.factory(threads: threads.count, on: device, ranks: measured))
    let judging = benchmark.judging(training: samples, test: testSamples)
    let share = seconds / Double(max(1, chosen.count))
    let timings = chosen.map { benchmark.time(layer: $0, seconds: share) }
    if let failure = benchmark.failure { throw failure }
    // Again: other programs may have started or ended meanwhile.
    let calibration = max(before, calibrate(kernels)) / 1e9
    let totals = timings.map { $0.total(order: benchmark.order, slots: minibatches) }
    var cycle = totals.reduce(judging, +)
    let figures = figures(of: &cycle, benchmark.order, chosen, ranks)
    return BenchmarkReport(
      network: architecture.name, numericPath: path.name, instructionSet: backend.device(for: path),
      threads: threads.count, batchSize: batchSize, minibatches: minibatches,
      trainingSamples: samples, testSamples: testSamples,
      calibration: kernels.first.map { .init(gflopsPerCore: calibration, kernel: $0.name) },
      kernels: rates.map { name, rate in
        .init(name: name, gflops: rate / 1e9, share: rate / 1e9 / calibration)
      },
      layers: zip(timings, totals).map { timing, total in
        Self.row(timing, total, graph.layout.layers[timing.layer])
      },
      prediction: layers != nil
        ? nil
        : .init(
          secondsPerCycle: cycle.seconds, processorSecondsPerCycle: cycle.processorSeconds,
          evaluationSeconds: judging.seconds, secondsPerRun: Double(cycles) * cycle.seconds,
          cycles: cycles,
          secondsTimesCalibration: kernels.isEmpty ? nil : cycle.processorSeconds * calibration),
      memory: .init(
        bytes: memory.peak, layer: memory.layer,
        deviceBytes: device.opencl == nil ? nil : memory.deviceBytes), ranks: figures)
  }

  /// The figures of several ranks; nil for a single process. Adds the messages between two neurons to
  /// those of the cycle.
  private func figures(
    of cycle: inout TimeTaken, _ order: SearchOrder, _ layers: [Int], _ ranks: RunRanks
  ) -> RankFigures? {
    let all = ranks.all
    guard all.count > 1 else { return nil }
    let speed = MessageBenchmark(all)
    let neurons = Double(layers.reduce(0) { $0 + order.unitCount(layer: $1) })
    cycle.traffic =
      cycle.traffic + Traffic(messages: neurons, bytes: 0, seconds: neurons * speed.latency)
    let computing = all.values(
      of: max(0, cycle.seconds - cycle.traffic.seconds) * Double(threads.count)
    ).reduce(0, +)
    return RankFigures(
      count: all.count, library: ranks.library, cycle: cycle, computing: computing,
      chunks: Chunks.count(of: batchSize), speed: speed)
  }

  /// The speed of the kernel that machines are compared by, in operations per second.
  private func calibrate(_ kernels: [BenchmarkKernel]) -> Double {
    kernels.first.map { KernelBenchmark.operationsPerSecond($0, seconds: 0.5) } ?? 0
  }

  private static func row(
    _ timing: LayerTiming, _ total: TimeTaken, _ layer: ParameterLayer
  ) -> BenchmarkReport.Layer {
    let weights = Double(layer.parameterCount)
    return BenchmarkReport.Layer(
      name: layer.name, parameters: layer.parameterCount,
      millisecondsPerStep: 1e3 * timing.step.seconds,
      processorMillisecondsPerStep: 1e3 * timing.step.processorSeconds,
      firstVisitMilliseconds: 1e3 * timing.firstVisit.seconds,
      loadMilliseconds: 1e3 * timing.load.seconds, secondsPerCycle: total.seconds,
      millisecondsPerWeight: 1e3 * total.seconds / weights,
      processorMillisecondsPerWeight: 1e3 * total.processorSeconds / weights,
      messagesPerStep: timing.step.traffic.messages, bytesPerStep: timing.step.traffic.bytes,
      messageMillisecondsPerStep: 1e3 * timing.step.traffic.seconds,
      device: timing.step.device)
  }

  /// Returns the layers to time, in the order of a search.
  private func layerIndices(_ layout: ParameterLayout) throws -> [Int] {
    let order = SearchOrder(layout, options: SearchOptions()).layers
    guard let layers else { return order }
    let names = layers.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !layout.layers.contains(where: { $0.name == name }) {
      let known = layout.layers.map(\.name).joined(separator: ", ")
      throw ValidationError(
        "invalid layers '\(printable(name))': expected layers of the network: \(known)")
    }
    return order.filter { names.contains(layout.layers[$0].name) }
  }

  private func printLosses(of path: String, weights: String) throws {
    let file = try WeightsFile(weights, architecture: try network.architecture())
    Self.warn(file.warnings)
    let dataset = try dataOptions.source.load(
      dataOptions.data, for: file.architecture.input, classes: file.architecture.classes)
    let samples = Samples(
      dataset.training,
      normalization: file.content.normalization ?? Normalization(of: dataset.training))
    let layout = try StageGraph(file.architecture).layout
    let steps = try StepsFile.read(path).checked(layout, count: samples.count, path: path)
    let numericPath = try Backends.standard.path(of: precision).name
    let device = try chosenDevice(RunRanks(connects: false)) { path, backends in
      try backends.memory(
        for: Workload(
          architecture: file.architecture, trainingSamples: samples.count, otherSamples: 0,
          threads: threads.count, path: path
        ) { _ in .init(batchSize: steps.map(\.samples.count).max() ?? 1, slots: 1) })
    }
    let evaluator = try Evaluators.factory(threads: threads.count, on: device)(
      file.architecture, samples, file.content.parameters, numericPath)
    let report = LossesReport(steps, with: evaluator, numericPath: numericPath)
    if let failure = evaluator.failure { throw failure }
    try answer(try JSONText.encode(report))
  }
}
