import RSONetworks
import RSORuns
import RSOSearch

/// What a run needs in memory, held against what there is.
struct MemoryPlan {
  let plan: SearchPlan
  let threads: Int
  let estimate: MemoryEstimate

  /// *Throws:* `ArchitectureError`.
  init(_ plan: SearchPlan, threads: Int) throws {
    self.plan = plan
    self.threads = threads
    estimate = try Self.estimate(plan, plan.options, threads)
  }

  private static func estimate(
    _ plan: SearchPlan, _ options: SearchOptions, _ threads: Int
  ) throws -> MemoryEstimate {
    let population = options.phaseSamples ?? plan.data.trainingCount
    return try MemoryEstimate(
      architecture: plan.architecture, samples: plan.data.trainingCount,
      others: plan.data.testCount, batchSize: options.batchSize,
      slots: options.batching == .cyclic ? population / options.batchSize : 0, threads: threads,
      path: NumericPath(rawValue: plan.numericPath) ?? .f32)
  }

  /// `1.86 GB, most of it in conv1`.
  var summary: String {
    let place = estimate.layer.map { "in layer '\($0)'" } ?? "while statistics are taken"
    return "about \(Numbers.bytes(estimate.peak)) at once, \(place)"
  }

  /// Whether the run can be begun: refuses what can never fit, and warns of what does not fit at the
  /// moment, which may have changed by the time it matters.
  ///
  /// *Throws:* `CommandError.tooLarge`.
  func check(against machine: MachineMemory = .current()) throws -> String? {
    if let limit = machine.limit, estimate.peak > limit {
      throw CommandError.tooLarge(
        needs: summary, has: Numbers.bytes(limit), advice: try advice(limit))
    }
    if let available = machine.available, estimate.peak > available {
      return "the run needs \(summary), and \(Numbers.bytes(available)) are free"
        + (try advice(available).map { "; \($0)" } ?? "")
    }
    return nil
  }

  /// Options with which it would fit into `bytes`: the largest that do, each by itself.
  private func advice(_ bytes: Int) throws -> String? {
    let options = plan.options
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
      try offer("--phase-samples", population / 2, least: options.batchSize) { value in
        var other = options
        other.phaseSamples = value
        return other
      }
    }
    try offer("--batch-size", options.batchSize / 2, least: 1) { value in
      var other = options
      other.batchSize = value
      return other
    }
    return offers.isEmpty ? nil : offers.joined(separator: ", ")
  }
}
