import RSONetworks
import RSORuns

/// What `rso bench` answers. Every key's unit is in its name.
package struct BenchmarkAnswer: Encodable {
  struct Calibration: Encodable {
    /// Of the kernel case in which machines are compared.
    var gflopsACore: Double
    var kernel: String
  }

  struct Kernel: Encodable {
    var name: String
    var gflops: Double
    /// Of the calibration.
    var share: Double
  }

  struct Layer: Encodable {
    var name: String
    var parameters: Int
    var millisecondsAStep: Double
    var processorMillisecondsAStep: Double
    var firstVisitMilliseconds: Double
    var loadMilliseconds: Double
    /// All steps of a cycle.
    var secondsACycle: Double
    /// The same over the number of parameters.
    var millisecondsAWeight: Double
    var processorMillisecondsAWeight: Double
  }

  struct Prediction: Encodable {
    var secondsACycle: Double
    var processorSecondsACycle: Double
    /// Of them: statistics of the training set and answers for the test set.
    var judgingSeconds: Double
    var secondsARun: Double
    var cycles: Int
    /// Processor seconds a cycle times GFLOP/s a core: the same on every machine of a kind.
    var secondsTimesCalibration: Double
  }

  struct Memory: Encodable {
    var bytes: Int
    var layer: String?
  }

  var network: String
  var numericPath: String
  var instructionSet: String
  var threads: Int
  var batchSize: Int
  /// Minibatches of a layer's rotation.
  var minibatches: Int
  var trainingSamples: Int
  var testSamples: Int
  var calibration: Calibration
  var kernels: [Kernel]
  var layers: [Layer]
  /// Nil where not all layers were timed.
  var prediction: Prediction?
  var memory: Memory

  var text: String {
    var head = Table(columns: [.left("network"), .left(network)])
    head.add([
      "minibatches",
      "\(Numbers.grouped(minibatches)) of \(Numbers.grouped(batchSize)) samples",
    ])
    head.add(["threads", "\(threads)"])
    head.add(["precision", "\(numericPath), on \(instructionSet)"])
    head.add([
      "calibration",
      "\(Numbers.fixed(calibration.gflopsACore, 1)) GFLOP/s a core (\(calibration.kernel))",
    ])
    head.add(["memory", "about \(Numbers.bytes(memory.bytes)) at once"])
    var parts = [head.description]
    if !kernels.isEmpty { parts.append(kernelTable) }
    parts.append(layerTable)
    if let prediction { parts.append(text(prediction)) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var kernelTable: String {
    var table = Table(columns: [.left("kernel"), .right("GFLOP/s"), .right("of calibration")])
    for kernel in kernels {
      table.add([
        kernel.name, Numbers.fixed(kernel.gflops, 1), Numbers.percent(kernel.share),
      ])
    }
    return table.description
  }

  private var layerTable: String {
    var table = Table(columns: [
      .left("layer"), .right("weights"), .right("ms a step"), .right("of processors"),
      .right("first visit"), .right("load"), .right("ms a weight"), .right("s a cycle"),
    ])
    for layer in layers {
      table.add([
        layer.name, Numbers.grouped(layer.parameters),
        Numbers.fixed(layer.millisecondsAStep, 2),
        Numbers.fixed(layer.processorMillisecondsAStep, 2),
        Numbers.fixed(layer.firstVisitMilliseconds, 2), Numbers.fixed(layer.loadMilliseconds, 1),
        Numbers.fixed(layer.millisecondsAWeight, 2), Numbers.fixed(layer.secondsACycle, 1),
      ])
    }
    return table.description
  }

  private func text(_ prediction: Prediction) -> String {
    var table = Table(columns: [
      .left("a cycle"),
      .left(
        "\(Numbers.fixed(prediction.secondsACycle, 1)) s, of processors "
          + "\(Numbers.fixed(prediction.processorSecondsACycle, 1)) s on each thread, "
          + "\(Numbers.fixed(prediction.judgingSeconds, 1)) s for statistics and the test set"),
    ])
    table.add([
      "a run", "\(Numbers.duration(prediction.secondsARun)) for \(prediction.cycles) cycles",
    ])
    table.add([
      "seconds x GFLOP/s", Numbers.grouped(Int(min(prediction.secondsTimesCalibration, 1e15))),
    ])
    return table.description
  }
}
