import RSORanks

/// One way to evaluate networks: the vector kernels of the CPU, plain loops in double, later a device.
///
/// A backend is a small table: which arithmetics it offers, what it needs, how to make an evaluator.
/// `Backends` lists them; a new one is a folder beside this file and one line in that list. It has to
/// pass the conformance suite (`Tests/BackendConformance`).
package protocol Backend: Sendable {
  /// The backend's name for people and reports: `cpu`.
  var name: String { get }

  /// All numeric paths that the backend has on any machine, the default first.
  var knownPaths: [NumericPath] { get }

  /// The numeric paths that this machine can compute, the default first; a part of `knownPaths`.
  var offeredPaths: [NumericPath] { get }

  /// The hardware that computes `path`: the instruction set, or the name of a device.
  ///
  /// *Precondition:* `path` is one of `offeredPaths`.
  func device(for path: NumericPath) -> String

  /// The memory that a run needs at its peak.
  ///
  /// *Throws:* `ArchitectureError` if the architecture is not a network.
  func memory(for workload: Workload) throws -> MemoryEstimate

  /// Makes an evaluator.
  ///
  /// *Throws:* `ArchitectureError` if the architecture is not a network, or the samples or parameters
  /// do not fit it; `NumericPathError` if the path is not offered here.
  func makeEvaluator(_ request: EvaluatorRequest) throws -> any Evaluator

  /// The kernels that `rso bench` times on `path`. Machines are compared by the first one. Empty if
  /// the backend has none.
  func benchmarkKernels(on path: NumericPath) -> [BenchmarkKernel]
}

extension Backend {
  package func benchmarkKernels(on path: NumericPath) -> [BenchmarkKernel] { [] }
}

/// The arguments of `Backend.makeEvaluator`.
package struct EvaluatorRequest {
  package var architecture: Architecture
  /// The training samples.
  package var samples: Samples
  /// Parameters to begin with, in the order of the network's `ParameterLayout`.
  package var parameters: [Float]
  package var path: NumericPath
  /// Threads to compute on; at least 1. A backend may use fewer.
  package var threads: Int
  /// Receives the times of all passes; nil to measure nothing. A backend without passes ignores it.
  package var passTimes: PassTimes?
  /// The processes that share the samples of every minibatch. A backend that does not share them
  /// computes everything on every rank, to the same bits.
  package var ranks: any Ranks

  package init(
    architecture: Architecture, samples: Samples, parameters: [Float], path: NumericPath = .f32,
    threads: Int = 1, passTimes: PassTimes? = nil, ranks: any Ranks = SoleRank()
  ) {
    self.architecture = architecture
    self.samples = samples
    self.parameters = parameters
    self.path = path
    self.threads = threads
    self.passTimes = passTimes
    self.ranks = ranks
  }
}

/// A kernel with its operands, to be timed.
package struct BenchmarkKernel: Sendable {
  /// Method and shape: `direct 3x3, 16 -> 16, 14 x 14`.
  package let name: String
  /// Floating-point operations of one run.
  package let operations: Double
  /// Allocates the operands and returns what runs the kernel once.
  package let prepare: @Sendable () -> () -> Void

  package init(
    name: String, operations: Double, prepare: @escaping @Sendable () -> () -> Void
  ) {
    self.name = name
    self.operations = operations
    self.prepare = prepare
  }
}
