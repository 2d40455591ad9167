import RSONetworks
import RSORuns
import RSOSearch

/// What a run needs in memory, held against what there is.
struct MemoryPlan {
  let plan: SearchPlan
  let threads: Int
  /// Evaluators, each of which needs `estimate`, that share the threads: more than one where neurons are
  /// searched at the same time, as many as there is memory for.
  let workers: Int
  let estimate: MemoryEstimate

  /// *Throws:* `ArchitectureError`.
  init(_ plan: SearchPlan, threads: Int, on machine: MachineMemory = .current()) throws {
    self.plan = plan
    self.threads = threads
    var workers = plan.options.parallel == .none ? 1 : threads
    var estimate = try Self.estimate(plan, plan.options, threads / workers)
    while workers > 1,
      workers.multipliedReportingOverflow(by: estimate.peak).partialValue
        > machine.available ?? .max
    {
      workers -= 1
      estimate = try Self.estimate(plan, plan.options, threads / workers)
    }
    self.workers = workers
    self.estimate = estimate
  }

  /// Bytes at once, of all evaluators.
  var peak: Int { workers * estimate.peak }

  private static func estimate(
    _ plan: SearchPlan, _ options: SearchOptions, _ threads: Int
  ) throws -> MemoryEstimate {
    let samples = plan.data.trainingCount
    let largest = largestBatch(of: options)
    return try MemoryEstimate(
      architecture: plan.architecture, samples: samples, others: plan.data.testCount,
      changesImages: !options.augment.changesNothing, threads: threads,
      path: NumericPath(rawValue: plan.numericPath) ?? .f32
    ) { layer in
      let size = options.batchSize(largest, layer: layer, samples: samples)
      return .init(
        batchSize: size,
        slots: options.batching == .cyclic ? options.phaseSamples(of: samples) / size : 0)
    }
  }

  /// Samples in the largest minibatch that the plan comes to.
  private static func largestBatch(of options: SearchOptions) -> Int {
    options.batchSize.within(cycles: options.cycles).largest
  }

  /// `1.86 GB, most of it in conv1`.
  var summary: String {
    let place = estimate.layer.map { "in layer '\($0)'" } ?? "while statistics are taken"
    return "about \(Numbers.bytes(peak)) at once, \(place)"
      + (workers > 1 ? ", of \(workers) evaluators together" : "")
  }

  /// Whether the run can be begun: refuses what can never fit, and warns of what does not fit at the
  /// moment, which may have changed by the time it matters.
  ///
  /// *Throws:* `CommandError.tooLarge`.
  func check(against machine: MachineMemory = .current()) throws -> String? {
    if let limit = machine.limit, peak > limit {
      throw CommandError.tooLarge(
        needs: summary, has: Numbers.bytes(limit), advice: try advice(limit))
    }
    if let available = machine.available, peak > available {
      return "the run needs \(summary), and \(Numbers.bytes(available)) are free"
        + (try advice(available).map { "; \($0)" } ?? "")
    }
    return nil
  }

  /// Options with which it would fit into `bytes`: the largest that do, each by itself.
  private func advice(_ bytes: Int) throws -> String? {
    let options = plan.options
    let largest = Self.largestBatch(of: options)
    var offers: [String] = []
    func offer(_ option: String, _ first: Int, least: Int, _ set: (Int) -> SearchOptions) throws {
      var value = first
      while value >= least {
        let needed = try Self.estimate(plan, set(value), threads).peak
        if needed <= bytes {
          offers.append("with \(option) \(value) it needs \(Numbers.bytes(needed))")
          return
        }
        value /= 2
      }
    }
    if options.batching == .cyclic {
      let population = options.phaseSamples ?? plan.data.trainingCount
      try offer("--phase-samples", population / 2, least: largest) { value in
        var other = options
        other.phaseSamples = value
        return other
      }
    }
    try offer("--batch-size", largest / 2, least: 1) { value in
      var other = options
      other.batchSize = BatchSchedule(value)
      return other
    }
    return offers.isEmpty ? nil : offers.joined(separator: ", ")
  }
}
