extension NumericPath {
  /// Double precision in the order of the reference evaluator.
  package static let reference = NumericPath(name: "reference", precision: nil, lossTolerance: 0)
}

/// The reference evaluator: plain loops in double, on one thread.
package struct ReferenceBackend: Backend {
  package let name = "reference"
  package let knownPaths = [NumericPath.reference]
  package let offeredPaths = [NumericPath.reference]

  package init() {}

  package func device(for path: NumericPath) -> String { "double" }

  package func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator {
    guard offeredPaths.contains(request.path) else {
      throw NumericPathError.unavailable(request.path, has: "plain loops")
    }
    return try ReferenceEvaluator(
      architecture: request.architecture, samples: request.samples, parameters: request.parameters)
  }

  /// An upper bound: as if all values of a forward pass were kept for the largest minibatch, or for
  /// the block of samples that statistics and predictions take at once.
  package func memory(for workload: Workload) throws -> MemoryEstimate {
    let graph = try StageGraph(workload.architecture)
    let largest = graph.layout.layers.map { workload.rotation($0.name).batchSize }.max() ?? 0
    let input = workload.architecture.input
    let elements = graph.stages.reduce(input.count) { sum, stage in
      // A stage's sum, what a skip adds, the values after its batch norm, and those of its prologue.
      let shapes = stage.prologue.shapes(from: graph.shape(of: stage.source, samples: input))
      return sum + 3 * stage.outputShape.count + (shapes.map(\.count).max() ?? 0)
    }
    let (activations, overflow) = max(largest, ReferenceEvaluator.block)
      .multipliedReportingOverflow(by: elements * MemoryLayout<Double>.stride)
    return MemoryEstimate(
      samples: workload.sampleBytes,
      network: 4 * graph.layout.parameterCount * MemoryLayout<Double>.stride,
      activations: overflow ? Int.max / 4 : activations, layer: nil)
  }
}
