import RSORuns
import TensorAnalysis

extension HealthMark {
  /// The likely problems of the tensors of a file that is not a checkpoint. Tensors with two dimensions or more
  /// are taken for weights.
  static func all(of descriptions: [TensorDescription]) -> [HealthMark] {
    descriptions.flatMap { description -> [HealthMark] in
      guard let numbers = description.numbers else { return [] }
      var problems: [Problem] = []
      if numbers.notFinite > 0 { problems.append(.notFinite(numbers.notFinite)) }
      let outputs = description.equalOutputs
      let isFloating = description.entry.type.isFloatingPoint
      if outputs.count > 0, isFloating {
        problems.append(
          .equalOutputs(count: outputs.count, dead: outputs.dead, first: outputs.outputs))
      }
      if isFloating, description.entry.shape.count > 1,
        numbers.rootMeanSquare > largestRootMeanSquare
      {
        problems.append(.explodingNorm(numbers.rootMeanSquare, limit: largestRootMeanSquare))
      }
      return problems.map { HealthMark(object: description.entry.name, problem: $0) }
    }
  }
}
