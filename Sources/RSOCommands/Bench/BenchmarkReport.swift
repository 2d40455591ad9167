import RSONetworks
import RSORuns

/// The result of `rso bench`. The name of each figure contains its unit.
package struct BenchmarkReport {
  /// The speed of the kernel by which machines are compared.
  struct Calibration: Encodable {
    var gflopsPerCore: Double
    var kernel: String
  }

  struct Kernel {
    var name: String
    var gflops: Double
    /// Relative to the calibration.
    var share: Double
  }

  struct Layer {
    var name: String
    var parameters: Int
    var millisecondsPerStep: Double
    var processorMillisecondsPerStep: Double
    var firstVisitMilliseconds: Double
    var loadMilliseconds: Double
    /// All steps of a cycle.
    var secondsPerCycle: Double
    /// The time of a cycle divided by the number of parameters.
    var millisecondsPerWeight: Double
    var processorMillisecondsPerWeight: Double
    /// Messages between ranks, and what they take.
    var messagesPerStep: Double
    var bytesPerStep: Double
    var messageMillisecondsPerStep: Double
    /// The work of a device in a step.
    var device: DeviceTraffic
  }

  struct Prediction: Encodable {
    var secondsPerCycle: Double
    var processorSecondsPerCycle: Double
    /// The part of a cycle for statistics of the training set and evaluation of the test set.
    var evaluationSeconds: Double
    var secondsPerRun: Double
    var cycles: Int
    /// Processor seconds per cycle times GFLOP/s per core: similar on all machines with the same
    /// instruction set. It is nil without a calibration.
    var secondsTimesCalibration: Double?
  }

  struct Memory: Encodable {
    var bytes: Int
    var layer: String?
    /// The memory of an OpenCL device; nil for the processor.
    var deviceBytes: Int?
  }

  var network: String
  var numericPath: String
  var instructionSet: String
  var threads: Int
  var batchSize: Int
  /// Minibatches in the rotation of a layer.
  var minibatches: Int
  var trainingSamples: Int
  var testSamples: Int
  /// It is nil for a device whose kernels are not timed.
  var calibration: Calibration?
  var kernels: [Kernel]
  var layers: [Layer]
  /// It is nil if not all layers were timed.
  var prediction: Prediction?
  var memory: Memory
  /// nil for a single process.
  var ranks: RankFigures?
}

extension BenchmarkReport: Encodable {
  private enum Key: CodingKey {
    case network, numericPath, instructionSet, threads, batchSize, minibatches, trainingSamples
    case testSamples, calibration, kernels, layers, prediction, memory, ranks
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(network, forKey: .network)
    try container.encode(numericPath, forKey: .numericPath)
    try container.encode(instructionSet, forKey: .instructionSet)
    try container.encode(threads, forKey: .threads)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(minibatches, forKey: .minibatches)
    try container.encode(trainingSamples, forKey: .trainingSamples)
    try container.encode(testSamples, forKey: .testSamples)
    try container.encodeIfPresent(calibration, forKey: .calibration)
    try container.encode(kernelReport.json, forKey: .kernels)
    try container.encode(layerReport.json, forKey: .layers)
    try container.encodeIfPresent(prediction, forKey: .prediction)
    try container.encode(memory, forKey: .memory)
    try container.encodeIfPresent(ranks, forKey: .ranks)
  }

  private var kernelReport: Report<Kernel> {
    Report(
      kernels,
      columns: [
        Column("kernel", "kernel", align: .left, \.name),
        Column("gflops", "speed", unit: "GFLOP/s", as: .fixed(1), \.gflops),
        Column("share", "of calibration", as: .percent, \.share),
      ])
  }

  private var layerReport: Report<Layer> {
    Report(
      layers,
      columns: [
        Column("layer", "layer", align: .left, \.name),
        Column("parameters", "parameters", as: .grouped, \.parameters),
        Column(
          "milliseconds_per_step", "per step", unit: "ms", as: .fixed(2), \.millisecondsPerStep),
        Column(
          "processor_milliseconds_per_step", "processor", unit: "ms", as: .fixed(2),
          \.processorMillisecondsPerStep),
        Column(
          "first_visit_milliseconds", "first visit", unit: "ms", as: .fixed(2),
          \.firstVisitMilliseconds),
        Column("load_milliseconds", "load", unit: "ms", as: .fixed(1), \.loadMilliseconds),
        Column(
          "milliseconds_per_weight", "per weight", unit: "ms", as: .fixed(2),
          \.millisecondsPerWeight),
        Column("processor_milliseconds_per_weight", \.processorMillisecondsPerWeight),
        Column("seconds_per_cycle", "per cycle", unit: "s", as: .fixed(1), \.secondsPerCycle),
      ] + (memory.deviceBytes == nil ? [] : Self.deviceColumns)
        + (ranks == nil ? [] : Self.messageColumns))
  }

  /// The columns that only a device has.
  private static var deviceColumns: [Column<Layer>] {
    [
      Column("launches_per_step", "launches", as: .fixed(0), \.device.launches),
      Column("sent_bytes_per_step", "bytes sent", as: .fixed(0), \.device.sentBytes),
      Column("received_bytes_per_step", "received", as: .fixed(0), \.device.receivedBytes),
    ]
  }

  /// The columns that only several ranks have.
  private static var messageColumns: [Column<Layer>] {
    [
      Column("messages_per_step", "messages", as: .fixed(1), \.messagesPerStep),
      Column("bytes_per_step", "bytes", as: .fixed(0), \.bytesPerStep),
      Column(
        "message_milliseconds_per_step", "in messages", unit: "ms", as: .fixed(3),
        \.messageMillisecondsPerStep),
    ]
  }

  // MARK: For people

  package var text: String {
    var parts = [head]
    if !kernels.isEmpty { parts.append(kernelReport.table().description) }
    parts.append(layerReport.table().description)
    if let prediction { parts.append(text(prediction)) }
    if let ranks { parts.append(ranks.text) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var head: String {
    var table = Table(columns: [.left("network"), .left(network)])
    table.add([
      "minibatches",
      "\(Numbers.grouped(minibatches)) of \(Numbers.grouped(batchSize)) samples",
    ])
    table.add(["threads", "\(threads)"])
    table.add(["precision", "\(numericPath), on \(instructionSet)"])
    if let calibration {
      table.add([
        "calibration",
        "\(Numbers.fixed(calibration.gflopsPerCore, 1)) GFLOP/s per core (\(calibration.kernel))",
      ])
    }
    table.add([
      "memory",
      "about \(Numbers.bytes(memory.bytes)) at once"
        + (memory.deviceBytes.map { ", and \(Numbers.bytes($0)) of the device" } ?? ""),
    ])
    return table.description
  }

  private func text(_ prediction: Prediction) -> String {
    var table = Table(columns: [
      .left("time per cycle"),
      .left(
        "\(Numbers.fixed(prediction.secondsPerCycle, 1)) s (processor time "
          + "\(Numbers.fixed(prediction.processorSecondsPerCycle, 1)) s on each thread, "
          + "\(Numbers.fixed(prediction.evaluationSeconds, 1)) s for statistics and the test set)"),
    ])
    table.add([
      "time per run",
      "\(Numbers.duration(prediction.secondsPerRun)) for "
        + Numbers.count(prediction.cycles, "cycle"),
    ])
    if let product = prediction.secondsTimesCalibration {
      table.add(["seconds x GFLOP/s", Numbers.grouped(Int(min(product, 1e15)))])
    }
    return table.description
  }
}
