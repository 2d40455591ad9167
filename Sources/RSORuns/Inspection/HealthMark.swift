import RSOCheckpoints
import RSONetworks

/// A likely problem of a network.
package struct HealthMark: Sendable, Equatable {
  package enum Problem: Sendable, Equatable {
    case notFinite(Int)
    /// Outputs whose weights are all equal.
    case constantFilters([Int])
    /// Outputs whose weights are all equal, in a tensor of a file: how many of them have zeros only, and the
    /// first ones.
    case equalOutputs(count: Int, dead: Int, first: [Int])
    /// The root mean square of the numbers is larger than `limit`.
    case explodingNorm(Double, limit: Double)
    /// The deviation of proposals is so small that adding one to a weight changes nothing.
    case vanishedDeviation(Double)

    /// The name in answers for programs. It never changes.
    package var code: String {
      switch self {
      case .notFinite: "not-finite"
      case .constantFilters: "constant-filters"
      case .equalOutputs(let count, let dead, _):
        dead == count ? "dead-outputs" : "constant-filters"
      case .explodingNorm: "exploding-norm"
      case .vanishedDeviation: "deviation-0"
      }
    }
  }

  /// The name of the layer, or of the tensor of a file.
  package var object: String
  /// The kind of parameter; nil for a tensor of a file, and for a problem of the whole layer.
  package var kind: ParameterKind?
  package var problem: Problem

  package init(object: String, kind: ParameterKind? = nil, problem: Problem) {
    self.object = object
    self.kind = kind
    self.problem = problem
  }
}

extension HealthMark {
  /// A root mean square that weights rarely have. He's initialisation gives at most 1.42.
  package static let largestRootMeanSquare = 10.0
  /// Largest ratio of the root mean square of weights to that of the run's initial weights.
  static let largestGrowth = 10.0
  /// Deviation per root mean square at which w + delta rounds to w in single precision.
  static let smallestDeviation = 0x1p-24

  package static func all(of layers: [LayerStatistics], beginning: [[TensorStatistics]]?)
    -> [HealthMark]
  {
    layers.enumerated().flatMap { index, layer in
      var marks: [HealthMark] = []
      for (place, tensor) in layer.tensors.enumerated() {
        marks += of(
          tensor.statistics, constant: tensor.constantOutputs,
          limit: limit(tensor.kind, unit: layer.unit, beginning: beginning?[index][place])
        ).map { HealthMark(object: layer.name, kind: tensor.kind, problem: $0) }
      }
      let size = layer.principal.statistics.rootMeanSquare
      if layer.deviation * layer.unit <= smallestDeviation * (size.isFinite ? size : 1) {
        marks.append(
          HealthMark(object: layer.name, problem: .vanishedDeviation(layer.deviation)))
      }
      return marks
    }
  }

  private static func of(_ statistics: TensorStatistics, constant: [Int], limit: Double?)
    -> [Problem]
  {
    var problems: [Problem] = []
    if statistics.notFinite > 0 { problems.append(.notFinite(statistics.notFinite)) }
    if !constant.isEmpty { problems.append(.constantFilters(constant)) }
    if let limit, statistics.rootMeanSquare > limit {
      problems.append(.explodingNorm(statistics.rootMeanSquare, limit: limit))
    }
    return problems
  }

  /// Biases, and the scales and shifts of norms, may begin near 0 and grow by any factor. The layer that predicts
  /// numbers has their units.
  private static func limit(
    _ kind: ParameterKind, unit: Double, beginning: TensorStatistics?
  ) -> Double {
    let usual = largestRootMeanSquare * unit
    guard let size = beginning?.rootMeanSquare, size > 0 else { return usual }
    return kind == .weight ? largestGrowth * size : max(largestGrowth * size, usual)
  }
}
