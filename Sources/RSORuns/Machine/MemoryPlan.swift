import RSONetworks
import RSORanks
import RSOSearch

/// The memory that a run needs, and how many evaluators it can have.
package struct MemoryPlan {
  package let plan: SearchPlan
  package let threads: Int
  /// The number of evaluators that share the threads; each needs `estimate`. It is 1 unless neurons
  /// are searched in parallel, and then as large as the free memory allows.
  package let workers: Int
  package let estimate: MemoryEstimate
  private let ranks: any Ranks
  /// The ranks on this machine, each of which needs as much.
  private let ranksHere: Int
  private let backends: Backends

  /// - Parameter mostWorkers: The evaluators that the device allows.
  ///
  /// *Throws:* `ArchitectureError`.
  package init(
    _ plan: SearchPlan, threads: Int, ranks: any Ranks = SoleRank(), ranksHere: Int = 1,
    backends: Backends = .standard, mostWorkers: Int = .max,
    on machine: MachineMemory = .current()
  ) throws {
    self.plan = plan
    self.threads = threads
    self.ranks = ranks
    self.ranksHere = ranksHere
    self.backends = backends
    var workers = plan.options.parallel == .none ? 1 : min(threads, mostWorkers)
    var estimate = try Self.estimate(plan, plan.options, threads / workers, ranks, backends)
    while workers > 1,
      workers.multipliedReportingOverflow(by: estimate.peak).partialValue
        > machine.available ?? .max
    {
      workers -= 1
      estimate = try Self.estimate(plan, plan.options, threads / workers, ranks, backends)
    }
    self.workers = workers
    self.estimate = estimate
  }

  /// The peak memory of all evaluators on this machine together, in bytes.
  package var peak: Int { ranksHere * workers * estimate.peak }

  /// The answer to the question if a run fits into a machine's memory.
  package enum Fit: Sendable, Hashable {
    case fits
    /// More than is free at the moment, which may change before it matters.
    case notNow(available: Int)
    /// More than the process can ever have.
    case never(limit: Int)
  }

  package func fit(on machine: MachineMemory = .current()) -> Fit {
    if let limit = machine.limit, peak > limit { return .never(limit: limit) }
    if let available = machine.available, peak > available { return .notNow(available: available) }
    return .fits
  }

  /// A value of an option with which the run needs less memory.
  package struct Offer: Sendable, Hashable {
    package enum Option: Sendable, Hashable {
      case phaseSamples, batchSize
    }

    package let option: Option
    package let value: Int
    /// Bytes that the run needs with it.
    package let peak: Int
  }

  /// The largest values of single options with which the run fits into `bytes`.
  ///
  /// *Throws:* `ArchitectureError`.
  package func offers(within bytes: Int) throws -> [Offer] {
    let options = plan.options
    let largest = Self.largestBatch(of: options)
    var offers: [Offer] = []
    func search(
      _ option: Offer.Option, from first: Int, least: Int,
      _ change: (inout SearchOptions, Int) -> Void
    ) throws {
      var value = first
      while value >= least {
        var other = options
        change(&other, value)
        let peak = ranksHere * (try Self.estimate(plan, other, threads, ranks, backends).peak)
        if peak <= bytes {
          offers.append(Offer(option: option, value: value, peak: peak))
          return
        }
        value /= 2
      }
    }
    if options.batching == .cyclic {
      let samples = options.phaseSamples ?? plan.data.trainingCount
      try search(.phaseSamples, from: samples / 2, least: largest) { $0.phaseSamples = $1 }
    }
    try search(.batchSize, from: largest / 2, least: 1) { $0.batchSize = BatchSchedule($1) }
    return offers
  }

  private static func estimate(
    _ plan: SearchPlan, _ options: SearchOptions, _ threads: Int, _ ranks: any Ranks,
    _ backends: Backends
  ) throws -> MemoryEstimate {
    let samples = plan.data.trainingCount
    let largest = largestBatch(of: options)
    return try backends.memory(
      for: Workload(
        architecture: plan.architecture, trainingSamples: samples,
        otherSamples: plan.data.testCount + (plan.data.validationCount ?? 0),
        task: plan.data.learningTask,
        elementSize: plan.data.elements == .floats ? MemoryLayout<Float>.size : 1,
        changesImages: !options.augment.changesNothing,
        gathersOutputs: options.loss.isOfWholeMinibatch, threads: threads,
        path: backends.knownPaths.first { $0.name == plan.numericPath } ?? .f32, ranks: ranks
      ) { layer in
        let size = options.batchSize(largest, layer: layer, samples: samples)
        return .init(
          batchSize: size,
          slots: options.batching == .cyclic ? options.phaseSamples(of: samples) / size : 0)
      })
  }

  /// Samples in the plan's largest minibatch.
  private static func largestBatch(of options: SearchOptions) -> Int {
    options.batchSize.within(cycles: options.cycles).largest
  }
}
