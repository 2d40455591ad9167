import FoundationEssentials
import RSOCheckpoints
import RSONetworks
import RSOSystem

/// A JSON file with steps whose losses another program compares with its own.
struct StepsFile: Decodable {
  private static let maximumBytes = 1 << 28

  struct Step: Decodable {
    var layer: String
    var kind: ParameterKind?
    /// Output channel or unit.
    var neuron: Int
    /// The index among the neuron's weights, row-major (in, height, width).
    var weight: Int?
    var delta: Float
    /// Indices of training samples; or the first of consecutive samples and their number.
    var samples: [Int]?
    var batch: [Int]?
  }

  /// A step that fits a network and its data.
  struct Checked {
    var step: Step
    var address: WeightAddress
    var samples: [Int32]
  }

  var steps: [Step]

  static func read(_ path: String) throws -> StepsFile {
    let bytes = try InputFile.contents(of: path, maximumBytes: maximumBytes)
    do {
      return try JSONDecoder().decode(StepsFile.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw CommandError.badSteps(path, reason: Self.reason(error))
    }
  }

  /// Checks that the steps fit the network and the data.
  ///
  /// - Parameter count: The number of training samples.
  ///
  /// *Throws:* `CommandError.badSteps`.
  func checked(_ layout: ParameterLayout, count: Int, path: String) throws -> [Checked] {
    try steps.enumerated().map { index, step in
      func fail(_ reason: String) -> CommandError {
        .badSteps(path, reason: "steps[\(index)]: \(reason)")
      }
      guard let layer = layout.layers.firstIndex(where: { $0.name == step.layer }) else {
        throw fail("no layer '\(step.layer)'")
      }
      let kind = step.kind ?? .weight
      guard let tensor = layout.layers[layer].tensor(kind) else {
        throw fail("layer '\(step.layer)' has no \(kind.rawValue)")
      }
      let outputs = layout.layers[layer].outputs
      let weight = step.weight ?? 0
      guard (0..<outputs).contains(step.neuron) else {
        throw fail("neuron \(step.neuron): expected 0 to \(outputs - 1)")
      }
      guard (0..<tensor.count / outputs).contains(weight) else {
        throw fail("weight \(weight): expected 0 to \(tensor.count / outputs - 1)")
      }
      guard step.delta.isFinite else { throw fail("delta \(step.delta): expected a number") }
      return Checked(
        step: step,
        address: WeightAddress(layer: layer, kind: kind, output: step.neuron, index: weight),
        samples: try samples(of: step, count: count).map { Int32($0) }
          .nonEmpty(orThrow: fail("expected samples, each 0 to \(count - 1)")))
    }
  }

  /// Returns the samples of a step; none if they are not in a training set of `count`.
  private func samples(of step: Step, count: Int) -> [Int] {
    let all: [Int]
    switch (step.samples, step.batch) {
    case (let samples?, nil): all = samples
    case (nil, let batch?):
      guard batch.count == 2, batch[0] >= 0, batch[1] >= 0, batch[0] <= count, batch[1] <= count
      else { return [] }
      all = Array(batch[0]..<batch[0] + batch[1])
    default: return []
    }
    return all.allSatisfy((0..<count).contains) ? all : []
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .dataCorrupted: "not JSON of the form that rso-bench(1) describes"
    case .keyNotFound(let key, let context): "\(place(context)): no '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context)): not of the type that rso-bench(1) states"
    @unknown default: "\(error)"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "the file" : path.joined()
  }
}

extension [Int32] {
  fileprivate func nonEmpty(orThrow error: CommandError) throws -> [Int32] {
    if isEmpty { throw error }
    return self
  }
}
