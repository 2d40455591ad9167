import Foundation
import RSONetworks
import RSONumerics
import TestSupport

/// A network of the table with samples, parameters, and what PyTorch computes from them
/// (`Fixtures/networks/README.md`).
package struct NetworkFixture {
  /// The losses of three candidates for one element.
  package struct Probe {
    package let candidates: Candidates
    package let losses: [Double]
  }

  package let architecture: Architecture
  package let graph: StageGraph
  package let samples: Samples
  package let parameters: [Float]
  /// Names, kinds and shapes of all tensors, in PyTorch's walk.
  package let tensors: [String]

  package let minibatch: Minibatch
  package let minibatchLogits: [Double]
  package let minibatchLoss: Double
  /// Of losses that are not the cross entropy; none in the older files.
  package let otherLosses: [Loss: Double]
  /// Losses of the minibatch with the targets of another task; none in the older files.
  package let targetLosses: [(task: LearningTask, loss: Loss, value: Double)]
  private let applying: [UInt8]
  private let numbers: [Float]
  package let probes: [Probe]

  /// Over all samples.
  package let statistics: NormalizationStatistics
  /// Of all samples, normalised with `statistics`.
  package let fixedLogits: [Double]

  package init(named name: String) throws {
    architecture = try Architecture(json: Fixtures.data("networks/\(name).json"))
    graph = try StageGraph(architecture)
    let layout = graph.layout
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let manifest = try decoder.decode(
      Manifest.self, from: Fixtures.data("networks/expected/\(name).json"))
    let content = try Fixtures.data("networks/expected/\(name).bin")
    func array<Element>(_ name: String, _ type: Element.Type) throws -> [Element] {
      try manifest.array(name, type, in: content)
    }
    samples = Samples(
      shape: architecture.input, classes: architecture.classes,
      pixels: try array("pixels", UInt8.self), labels: try array("labels", UInt8.self),
      values: try array("values", Float.self))
    parameters = try array("parameters", Float.self)
    tensors = manifest.tensors.map { "\($0.layer).\($0.kind.rawValue) \($0.shape)" }
    minibatch = Minibatch(samples: try array("batch", UInt8.self).map(Int32.init), slot: nil)
    minibatchLogits = try array("batch_logits", Double.self)
    minibatchLoss = manifest.loss
    otherLosses = Dictionary(
      uniqueKeysWithValues: try (manifest.otherLosses ?? [:]).map { name, value in
        guard let loss = Loss(rawValue: name) else { throw FixtureError.missing(name) }
        return (loss, value)
      })
    targetLosses = try (manifest.targetLosses ?? [:]).flatMap { name, losses in
      try losses.map { loss, value in
        guard let task = LearningTask(rawValue: name), let loss = Loss(rawValue: loss) else {
          throw FixtureError.missing("\(name) \(loss)")
        }
        return (task, loss, value)
      }
    }
    applying = targetLosses.isEmpty ? [] : try array("applying", UInt8.self)
    numbers = targetLosses.isEmpty ? [] : try array("numbers", Float.self)
    fixedLogits = try array("fixed_logits", Double.self)

    func index(of layer: String) throws -> Int {
      guard let index = layout.layers.firstIndex(where: { $0.name == layer }) else {
        throw FixtureError.missing(layer)
      }
      return index
    }
    probes = try manifest.probes.map { probe in
      let layer = try index(of: probe.layer)
      let outputs = layout.layers[layer].outputs
      let perOutput = (layout.layers[layer].tensor(probe.kind)?.count ?? 0) / outputs
      return Probe(
        candidates: Candidates(
          address: WeightAddress(
            layer: layer, kind: probe.kind, output: probe.index / perOutput,
            index: probe.index % perOutput),
          current: probe.candidates[0], plus: probe.candidates[1], minus: probe.candidates[2]),
        losses: probe.losses)
    }

    let empty = [[Float]](repeating: [], count: layout.layers.count)
    var statistics = NormalizationStatistics(mean: empty, variance: empty)
    var mean = try array("mean", Float.self)[...]
    var variance = try array("variance", Float.self)[...]
    for entry in manifest.statistics {
      let layer = try index(of: entry.layer)
      statistics.mean[layer] = Array(mean.prefix(entry.channels))
      statistics.variance[layer] = Array(variance.prefix(entry.channels))
      mean = mean.dropFirst(entry.channels)
      variance = variance.dropFirst(entry.channels)
    }
    self.statistics = statistics
  }

  /// The samples with the targets of a task.
  package func samples(for task: LearningTask) -> Samples {
    let targets: Targets =
      switch task {
      case .classification: samples.targets
      case .multiLabel: .labels(applying, count: architecture.classes)
      case .regression: .numbers(numbers, count: architecture.classes)
      }
    return Samples(
      shape: samples.shape, outputs: samples.outputs, inputs: samples.inputs, targets: targets)
  }
}

package enum FixtureError: Error {
  case missing(String)
}

/// `expected/NAME.json`.
private struct Manifest: Decodable {
  struct Tensor: Decodable {
    let layer: String
    let kind: ParameterKind
    let shape: [Int]
  }
  struct Statistics: Decodable {
    let layer: String
    let channels: Int
  }
  struct Probe: Decodable {
    let layer: String
    let kind: ParameterKind
    let index: Int
    let candidates: [Float]
    let losses: [Double]
  }
  struct Array: Decodable {
    let name: String
    let shape: [Int]
    let offset: Int
  }

  let tensors: [Tensor]
  let statistics: [Statistics]
  let loss: Double
  let otherLosses: [String: Double]?
  let targetLosses: [String: [String: Double]]?
  let probes: [Probe]
  let arrays: [Array]

  func array<Element>(
    _ name: String, _ type: Element.Type, in content: Data
  ) throws -> [Element] {
    guard let entry = arrays.first(where: { $0.name == name }) else {
      throw FixtureError.missing(name)
    }
    let size = MemoryLayout<Element>.size
    let count = entry.shape.reduce(1, *)
    guard entry.offset + count * size <= content.count else { throw FixtureError.missing(name) }
    return content.withUnsafeBytes { bytes in
      (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: entry.offset + $0 * size, as: type)
      }
    }
  }
}
