import FoundationEssentials
import RSOCheckpoints
import RSONetworks
import RSONumerics
import RSOSearch

/// A named value of a file, to be compared with the value of the same name in another file.
package struct ComparedObject: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case text(String)
    case numbers([Double], shape: [Int])
  }

  /// The section and the name in it, such as `parameters/conv1/weight`.
  package var name: String
  package var value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  package var section: String { String(name.prefix { $0 != "/" }) }

  /// The sections in the order of output.
  package static let sections = [
    "network", "plan", "cursor", "random", "parameters", "statistics", "search", "history",
    "arrays",
  ]
}

extension ComparedObject {
  /// Everything that decides a run or describes it, except clocks, hosts and paths.
  package static func all(of checkpoint: Checkpoint) throws -> [ComparedObject] {
    let order = try SearchOrder(checkpoint.plan)
    let layout = order.layout
    return try network(checkpoint.plan.architecture)
      + PlanEntry.all(of: checkpoint.plan).map {
        ComparedObject("plan/\($0.name)", .text($0.value))
      }
      + state(checkpoint, order) + random(seed: checkpoint.plan.seed)
      + statistics(checkpoint.statistics, layout) + history(checkpoint.history, layout)
  }

  private static func network(_ architecture: Architecture) throws -> [ComparedObject] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let layers = try architecture.layers.enumerated().map { index, layer in
      ComparedObject(
        "network/layers/\(index)", .text(String(decoding: try encoder.encode(layer), as: UTF8.self))
      )
    }
    return [
      ComparedObject("network/name", .text(architecture.name)),
      ComparedObject("network/input", .text("\(architecture.input)")),
      ComparedObject("network/classes", .text("\(architecture.classes)")),
      ComparedObject("network/epsilon", .text("\(architecture.epsilon)")),
    ] + layers
  }

  private static func state(_ checkpoint: Checkpoint, _ order: SearchOrder) -> [ComparedObject] {
    let cursor = checkpoint.state.cursor
    let scope = StateScope(checkpoint.plan, order: order, cursor: cursor)
    let objects = checkpoint.state.objects(scope) { !$0.isHistory && $0.name != "cursor" }
    return [
      ComparedObject("cursor/cycle", .text("\(cursor.cycle)")),
      ComparedObject("cursor/layer", .text(order.layout.layers[cursor.layer].name)),
      ComparedObject("cursor/neuron", .text("\(cursor.neuron)")),
    ] + objects.map { ComparedObject($0.path, value(of: $0)) }
  }

  private static func value(of object: StateObject) -> Value {
    if case .int64(let counts) = object.values, object.shape.isEmpty {
      return .text("\(counts[0])")
    }
    return .numbers(object.values.doubles, shape: object.shape)
  }

  private static func random(seed: UInt64) -> [ComparedObject] {
    [ComparedObject("random/algorithm", .text(CheckpointSchema.algorithm))]
      + RandomPurpose.allCases.map { purpose in
        let key = RandomKey(seed: seed, purpose: purpose).philox
        return ComparedObject(
          "random/key/\(CheckpointSchema.name(of: purpose))", .text("\(key[0]), \(key[1])"))
      }
  }

  private static func statistics(
    _ statistics: NormalizationStatistics?, _ layout: ParameterLayout
  ) -> [ComparedObject] {
    guard let statistics else { return [] }
    return layout.layers.enumerated().flatMap { index, layer -> [ComparedObject] in
      guard layer.hasStatistics else { return [] }
      return [("mean", statistics.mean[index]), ("variance", statistics.variance[index])].map {
        ComparedObject(
          "statistics/\(layer.name)/\($0.0)",
          .numbers($0.1.map(Double.init), shape: [layer.outputs]))
      }
    }
  }

  /// The number of rows, and the columns except the time that a cycle took.
  private static func history(
    _ history: [CycleRecord], _ layout: ParameterLayout
  ) -> [ComparedObject] {
    let (rows, layers) = (history.count, layout.layers.count)
    var columns = [("training_loss", history.map(\.trainingLoss))]
    if history.contains(where: { $0.validation != nil }) {
      columns += scores(history.map(\.validation), "validation")
    }
    columns += scores(history.map(\.test), "test")
    columns.append(("evaluations", history.map { Double($0.evaluations) }))
    return [ComparedObject("history/cycles", .text("\(rows)"))]
      + columns.map { ComparedObject("history/\($0.0)", .numbers($0.1, shape: [rows])) }
      + [
        ComparedObject(
          "history/deviation", .numbers(history.flatMap(\.deviations), shape: [rows, layers])),
        ComparedObject(
          "history/choices",
          .numbers(history.flatMap { numbers($0.tallies) }, shape: [rows, layers, 3])),
      ]
  }

  /// The columns of a set's scores; NaN where it was not measured.
  private static func scores(_ scores: [SetScore?], _ set: String) -> [(String, [Double])] {
    [
      ("\(set)_loss", scores.map { $0?.loss ?? .nan }),
      ("\(set)_accuracy", scores.map { $0?.accuracy ?? .nan }),
    ]
  }

  private static func numbers(_ tallies: [StepTally]) -> [Double] {
    tallies.flatMap { [Double($0.kept), Double($0.plus), Double($0.minus)] }
  }
}
