import RSORanks

/// The backends of this program, the default first.
package struct Backends: Sendable {
  package let all: [any Backend]

  /// *Precondition:* at least one, which offers a path on any machine.
  package init(_ all: [any Backend]) {
    precondition(all.first?.offeredPaths.isEmpty == false)
    self.all = all
  }

  /// The list: a new backend is added here.
  package static let standard = Backends([CPUBackend(), ReferenceBackend()])

  /// All numeric paths, offered on this machine or not.
  package var knownPaths: [NumericPath] { Self.distinct(all.flatMap(\.knownPaths)) }

  /// The numeric paths that this machine can compute, the default first.
  package var offeredPaths: [NumericPath] { Self.distinct(all.flatMap(\.offeredPaths)) }

  /// The values of `--precision`, the default first.
  package var precisions: [Precision] {
    knownPaths.compactMap(\.precision).reduce(into: []) { precisions, precision in
      if !precisions.contains(precision) { precisions.append(precision) }
    }
  }

  /// The first backend that computes `path` on this machine.
  ///
  /// *Throws:* `NumericPathError.unavailable`.
  package func backend(for path: NumericPath) throws(NumericPathError) -> any Backend {
    guard let backend = all.first(where: { $0.offeredPaths.contains(path) }) else {
      throw .unavailable(path, has: offer(of: all.filter { $0.knownPaths.contains(path) }))
    }
    return backend
  }

  /// The path that a plan names, if this machine computes it.
  ///
  /// *Throws:* `NumericPathError`.
  package func path(named name: String) throws(NumericPathError) -> NumericPath {
    guard let path = knownPaths.first(where: { $0.name == name }) else {
      throw .unknown(name, known: knownPaths.map(\.name))
    }
    _ = try backend(for: path)
    return path
  }

  /// The path that computes in `precision` on this machine.
  ///
  /// *Throws:* `NumericPathError.precisionUnavailable`.
  package func path(of precision: Precision) throws(NumericPathError) -> NumericPath {
    if let path = offeredPaths.first(where: { $0.precision == precision }) { return path }
    let paths = knownPaths.filter { $0.precision == precision }
    throw .precisionUnavailable(
      precision, needs: paths.compactMap(\.requirement),
      has: offer(of: all.filter { $0.knownPaths.contains { $0.precision == precision } }))
  }

  /// Returns a function that makes evaluators on the numeric path that a plan names.
  ///
  /// - Parameters:
  ///   - passTimes: Receives the times of all passes.
  ///   - report: Called if an evaluator has fewer threads than `threads`.
  package func factory(
    threads: Int, passTimes: PassTimes? = nil, ranks: any Ranks = SoleRank(),
    report: @escaping (ThreadShortage) -> Void = { _ in }
  ) -> EvaluatorFactory {
    { architecture, samples, parameters, numericPath in
      let path = try path(named: numericPath)
      let evaluator = try backend(for: path).makeEvaluator(
        EvaluatorRequest(
          architecture: architecture, samples: samples, parameters: parameters, path: path,
          threads: threads, passTimes: passTimes, ranks: ranks))
      if let shortage = evaluator.threadShortage { report(shortage) }
      return evaluator
    }
  }

  /// The memory that a run needs at its peak, on the first backend that knows its path. If none
  /// does, the default backend estimates it.
  ///
  /// *Throws:* `ArchitectureError`.
  package func memory(for workload: Workload) throws -> MemoryEstimate {
    let backend = all.first { $0.knownPaths.contains(workload.path) } ?? all[0]
    return try backend.memory(for: workload)
  }

  /// `avx512 (f32)`: what computes, and the paths that it offers.
  private func offer(of backends: [any Backend]) -> String {
    backends.map { backend in
      let device = backend.offeredPaths.first.map(backend.device) ?? "no device"
      return "\(device) (\(backend.offeredPaths.map(\.name).joined(separator: ", ")))"
    }.joined(separator: ", ")
  }

  private static func distinct(_ paths: [NumericPath]) -> [NumericPath] {
    paths.enumerated().filter { paths.firstIndex(of: $1) == $0 }.map(\.element)
  }
}
