/// The incremental evaluator on the vector kernels of the processor.
package struct CPUBackend: Backend {
  package let name = "cpu"
  /// The tables of kernels that this machine can run, the fastest first.
  let kernels: [Kernels]

  /// - Parameter kernels: Other tables than the machine's, for tests.
  package init(kernels: [Kernels] = Kernels.available) { self.kernels = kernels }

  package var knownPaths: [NumericPath] { [.f32, .f32Direct, .bf16AVX512] }

  package var offeredPaths: [NumericPath] {
    knownPaths.filter { path in kernels.contains { $0.numericPaths.contains(path) } }
  }

  package func device(for path: NumericPath) -> String { best(for: path).name }

  package func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator {
    guard offeredPaths.contains(request.path) else {
      throw NumericPathError.unavailable(
        request.path, has: kernels.map(\.name).joined(separator: ", "))
    }
    let evaluator = try IncrementalEvaluator(
      architecture: request.architecture, samples: request.samples,
      parameters: request.parameters, threads: request.threads, kernels: best(for: request.path),
      path: request.path, ranks: request.ranks)
    evaluator.passTimes = request.passTimes
    return evaluator
  }

  package func benchmarkKernels(on path: NumericPath) -> [BenchmarkKernel] {
    let kernels = best(for: path)
    let cases = KernelCase.all.filter { $0.isAvailable(on: kernels) && $0.isUsed(on: path) }
    return cases.map { kernelCase in
      BenchmarkKernel(
        name: kernelCase.name, operations: kernelCase.operations(lanes: kernels.lanes)
      ) {
        let trial = KernelTrial(kernelCase, kernels: kernels)
        return { trial.run() }
      }
    }
  }

  /// The fastest kernels that compute `path`; the fastest of all where none does.
  func best(for path: NumericPath) -> Kernels {
    kernels.first { $0.numericPaths.contains(path) } ?? kernels[0]
  }
}
