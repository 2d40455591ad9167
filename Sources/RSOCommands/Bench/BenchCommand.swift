import ArgumentParser
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// `rso bench`: how fast this machine trains.
package struct BenchCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso bench",
    abstract: "Tell how fast this machine trains a network.",
    discussion: """
      Times the kernels and the steps of every layer, and predicts how long a cycle and a run take, \
      and how much memory. With --losses it prints the losses of given steps instead, for other \
      programs to compare with theirs.
      """,
    version: Version.current)

  @OptionGroup(title: "What would be trained") var network: NetworkOptions

  @Option(help: ArgumentHelp("Training samples in a minibatch.", valueName: "n"))
  var batchSize = SearchOptions().batchSize.last

  @Option(
    help: ArgumentHelp(
      "Cut a layer's minibatches from this many training samples. (default: all)", valueName: "n"))
  var phaseSamples: Int?

  @Option(help: ArgumentHelp("Cycles of the run.", valueName: "n"))
  var cycles = SearchOptions().cycles

  @Option(help: ArgumentHelp("Samples of the training set.", valueName: "n"))
  var samples = 60_000

  @Option(help: ArgumentHelp("Samples of the test set.", valueName: "n"))
  var testSamples = 10_000

  @Option(
    help: ArgumentHelp(
      "Arithmetic: \(Precision.allCases.map(\.rawValue).joined(separator: " or ")).",
      valueName: "type"))
  var precision = Precision.f32

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Time these layers alone, and no kernels: names, with commas.", valueName: "names"))
  var layers: String?

  @Option(
    help: ArgumentHelp("About how long to time the steps of all layers together.", valueName: "s"))
  var seconds = 15.0

  @Option(
    help: ArgumentHelp(
      "Print the losses of the steps that a JSON file lists, as JSON.", valueName: "file"))
  var losses: String?

  @Option(
    help: ArgumentHelp(
      "The weights for --losses: a checkpoint, safetensors, npz or ONNX.", valueName: "file"))
  var weights: String?

  @OptionGroup(title: "The samples for --losses") var dataOptions: DataOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  package init() {}

  package func validate() throws {
    let counts = [
      ("--batch-size", batchSize), ("--cycles", cycles), ("--samples", samples),
      ("--test-samples", testSamples), ("--phase-samples", phaseSamples ?? 1),
    ]
    for (option, count) in counts where !(1...Int(Int32.max)).contains(count) {
      throw ValidationError("\(option) \(count): expected 1 or more")
    }
    if population > samples {
      throw ValidationError("--phase-samples \(population): more than --samples \(samples)")
    }
    if batchSize > population {
      throw ValidationError("--batch-size \(batchSize): more than the \(population) samples")
    }
    if !(seconds >= 0 && seconds <= 1e6) {
      throw ValidationError("--seconds \(seconds): expected 0 to 1000000")
    }
    if (losses == nil) != (weights == nil) {
      throw ValidationError("--losses and --weights need each other")
    }
    if losses != nil, layers != nil {
      throw ValidationError("--layers: --losses times nothing")
    }
  }

  package func run() throws {
    if let losses, let weights { return try printLosses(of: losses, weights: weights) }
    let architecture =
      try network.architecture() ?? .preset(named: Architecture.presetNames[0])
    let report = try benchmark(architecture)
    try answer(json ? try JSONText.encode(report, snakeCase: true) : report.text)
  }

  private var population: Int { phaseSamples ?? samples }
  private var minibatches: Int { population / batchSize }

  /// Holds what is timed against the machine: a few minibatches of the layers asked for, where a run
  /// has all of both.
  private func checkMemory(
    _ architecture: Architecture, _ path: NumericPath, layers: [String]
  ) throws {
    let slots = LayerBenchmark.timedSlots(batchSize: batchSize, slots: minibatches)
    let needed = try MemoryEstimate(
      architecture: architecture, samples: slots * batchSize, others: 0, threads: threads.count,
      path: path
    ) { layer in .init(batchSize: layers.contains(layer) ? batchSize : 1, slots: slots) }.peak
    if let limit = MachineMemory.current().limit, needed > limit {
      throw CommandError.tooLarge(
        what: "timing", needs: Numbers.bytes(needed), has: Numbers.bytes(limit),
        advice: "try a smaller --batch-size")
    }
  }

  private func benchmark(_ architecture: Architecture) throws -> BenchmarkAnswer {
    let path = try NumericPath(precision)
    let graph = try StageGraph(architecture)
    let chosen = try layerIndices(graph.layout)
    let memory = try MemoryEstimate(
      architecture: architecture, samples: samples, others: testSamples, threads: threads.count,
      path: path
    ) { _ in .init(batchSize: batchSize, slots: minibatches) }
    try checkMemory(architecture, path, layers: chosen.map { graph.layout.layers[$0].name })
    let kernels = Kernels.best(for: path) ?? .best
    let before = KernelBenchmark.operationsPerSecond(.calibration, kernels: kernels, seconds: 0.5)
    let rates =
      layers != nil
      ? []
      : KernelCase.all.filter { $0.isAvailable(on: kernels) }.map { kernelCase in
        (
          kernelCase.name,
          KernelBenchmark.operationsPerSecond(kernelCase, kernels: kernels, seconds: 0.1)
        )
      }
    let benchmark = try LayerBenchmark(
      architecture: architecture, batchSize: batchSize, slots: minibatches, threads: threads.count,
      numericPath: path.rawValue, makeEvaluator: Evaluators.factory(threads: threads.count))
    let judging = benchmark.judging(training: samples, test: testSamples)
    let share = seconds / Double(max(1, chosen.count))
    let timings = chosen.map { benchmark.time(layer: $0, seconds: share) }
    // Once more: the machine may have become busier or quieter meanwhile.
    let after = KernelBenchmark.operationsPerSecond(.calibration, kernels: kernels, seconds: 0.5)
    let calibration = max(before, after) / 1e9
    let totals = timings.map { $0.total(order: benchmark.order, slots: minibatches) }
    let cycle = totals.reduce(judging, +)
    return BenchmarkAnswer(
      network: architecture.name, numericPath: path.rawValue, instructionSet: kernels.name,
      threads: threads.count, batchSize: batchSize, minibatches: minibatches,
      trainingSamples: samples, testSamples: testSamples,
      calibration: .init(gflopsACore: calibration, kernel: KernelCase.calibration.name),
      kernels: rates.map { name, rate in
        .init(name: name, gflops: rate / 1e9, share: rate / 1e9 / calibration)
      },
      layers: zip(timings, totals).map { timing, total in
        Self.row(timing, total, graph.layout.layers[timing.layer])
      },
      prediction: layers != nil
        ? nil
        : .init(
          secondsACycle: cycle.seconds, processorSecondsACycle: cycle.processorSeconds,
          judgingSeconds: judging.seconds, secondsARun: Double(cycles) * cycle.seconds,
          cycles: cycles, secondsTimesCalibration: cycle.processorSeconds * calibration),
      memory: .init(bytes: memory.peak, layer: memory.layer))
  }

  private static func row(
    _ timing: LayerTiming, _ total: TimeTaken, _ layer: ParameterLayer
  ) -> BenchmarkAnswer.Layer {
    let weights = Double(layer.parameterCount)
    return BenchmarkAnswer.Layer(
      name: layer.name, parameters: layer.parameterCount,
      millisecondsAStep: 1e3 * timing.step.seconds,
      processorMillisecondsAStep: 1e3 * timing.step.processorSeconds,
      firstVisitMilliseconds: 1e3 * timing.firstVisit.seconds,
      loadMilliseconds: 1e3 * timing.load.seconds, secondsACycle: total.seconds,
      millisecondsAWeight: 1e3 * total.seconds / weights,
      processorMillisecondsAWeight: 1e3 * total.processorSeconds / weights)
  }

  /// The layers to be timed, in the order of a search.
  private func layerIndices(_ layout: ParameterLayout) throws -> [Int] {
    let order = SearchOrder(layout, options: SearchOptions()).layers
    guard let layers else { return order }
    let names = layers.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !layout.layers.contains(where: { $0.name == name }) {
      let known = layout.layers.map(\.name).joined(separator: ", ")
      throw ValidationError("--layers: no layer '\(name)' among \(known)")
    }
    return order.filter { names.contains(layout.layers[$0].name) }
  }

  private func printLosses(of path: String, weights: String) throws {
    let file = try WeightsFile(weights, architecture: try network.architecture())
    let dataset = try dataOptions.source.load(
      dataOptions.data, for: file.architecture.input, classes: file.architecture.classes)
    let samples = Samples(
      dataset.training,
      normalization: file.content.normalization ?? Normalization(of: dataset.training))
    let layout = try StageGraph(file.architecture).layout
    let steps = try StepsFile.read(path).checked(layout, count: samples.count, path: path)
    let numericPath = try NumericPath(precision).rawValue
    let evaluator = try Evaluators.factory(threads: threads.count)(
      file.architecture, samples, file.content.parameters, numericPath)
    try answer(
      try JSONText.encode(
        LossesAnswer(steps, with: evaluator, numericPath: numericPath), snakeCase: true))
  }
}
