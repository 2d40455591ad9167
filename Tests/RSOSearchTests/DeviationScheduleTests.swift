import RSONetworks
import RSOSearch
import Testing

@Suite("DeviationSchedule")
struct DeviationScheduleTests {
  private func schedule(_ change: (inout SearchOptions) -> Void) -> DeviationSchedule {
    var options = SearchOptions()
    change(&options)
    return DeviationSchedule(initialDeviations: [0.5, 0.25], options: options)
  }

  private func weights(_ schedule: DeviationSchedule, _ cycles: Range<Int>) -> [Double] {
    cycles.map { schedule.deviation(layer: 0, kind: .weight, cycle: $0) }
  }

  /// Two roundings of numbers below one.
  private func isNear(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }
  }

  @Test("the deviation falls linearly to a tenth in the last cycle")
  func linear() {
    #expect(
      isNear(weights(schedule { $0.cycles = 4 }, 0..<4), [0.5, 0.35, 0.2, 0.05]))
  }

  @Test("a single cycle is not annealed")
  func oneCycle() {
    #expect(weights(schedule { $0.cycles = 1 }, 0..<1) == [0.5])
  }

  @Test("an end fraction of one turns annealing off")
  func noAnnealing() {
    let schedule = schedule {
      $0.cycles = 3
      $0.annealTo = 1
    }
    #expect(weights(schedule, 0..<3) == [0.5, 0.5, 0.5])
  }

  @Test("without annealing every cycle has the first's deviation")
  func noneAtAll() {
    let schedule = schedule {
      $0.cycles = 3
      $0.anneal = .none
    }
    #expect(weights(schedule, 0..<3) == [0.5, 0.5, 0.5])
  }

  @Test(
    "proposals for many parameters at once have a tenth", arguments: [Granularity.layer, .network])
  func joint(granularity: Granularity) {
    let schedule = schedule {
      $0.cycles = 2
      $0.granularity = granularity
    }
    #expect(isNear(weights(schedule, 0..<2), [0.05, 0.005]))
    #expect(isNear([schedule.deviation(layer: 0, kind: .gamma, cycle: 0)], [0.0167]))
  }

  @Test("the scale multiplies every deviation, those of gamma, beta and bias begin at 0.167")
  func scaleAndConstants() {
    let schedule = schedule {
      $0.cycles = 2
      $0.deviationScale = 2
    }
    #expect(schedule.deviations(cycle: 0) == [1, 0.5])
    for kind in [.bias, .beta, .gamma] as [ParameterKind] {
      #expect(schedule.deviation(layer: 1, kind: kind, cycle: 0) == 0.334)
      #expect(isNear([schedule.deviation(layer: 1, kind: kind, cycle: 1)], [0.0334]))
    }
  }

  @Test("what the deviations have come to be multiplied by is for weights alone")
  func factors() {
    var options = SearchOptions()
    options.cycles = 2
    let schedule = DeviationSchedule(
      initialDeviations: [0.5, 0.25], factors: [0.5, 1], options: options)
    #expect(schedule.deviations(cycle: 0) == [0.25, 0.25])
    #expect(schedule.deviation(layer: 0, kind: .gamma, cycle: 0) == 0.167)
  }

  @Test(
    "a layer's deviation shrinks where more than half of its steps have kept the weight",
    arguments: [
      (0, 10, 1), (5, 10, 1), (6, 10, 0.8), (8, 10, 0.4), (9, 10, 0.25), (10, 10, 0.25), (0, 0, 1),
    ] as [(Int, Int, Double)])
  func adaptation(kept: Int, steps: Int, factor: Double) {
    var tally = StepTally()
    tally.kept = kept
    tally.plus = (steps - kept) / 2
    tally.minus = steps - kept - tally.plus
    #expect(Adaptation.success.factor(after: tally) == factor)
    #expect(Adaptation.none.factor(after: tally) == 1)
  }

  @Test("cycles beyond the annealing have its last deviation")
  func beyond() {
    let schedule = schedule {
      $0.cycles = 6
      $0.annealCycles = 4
    }
    #expect(isNear(weights(schedule, 0..<6), [0.5, 0.35, 0.2, 0.05, 0.05, 0.05]))
  }

  @Test("keeping the schedule leaves finished and planned cycles as they were")
  func keep() throws {
    let plan = SmallNetwork.plan { $0.cycles = 4 }
    let once = try plan.extended(to: 6, finished: 4, .keep)
    let twice = try once.extended(to: 9, finished: 6, .keep)
    #expect(once.options.cycles == 6 && once.options.annealCycles == 4)
    #expect(twice.options.cycles == 9 && twice.options.annealCycles == 4)
  }

  @Test("rescaling gives the schedule of a run planned with the new number of cycles")
  func rescale() throws {
    let plan = SmallNetwork.plan { $0.cycles = 4 }
    let fresh = SmallNetwork.plan { $0.cycles = 9 }
    #expect(try plan.extended(to: 9, finished: 2, .rescale) == fresh)
    let kept = try plan.extended(to: 6, finished: 4, .keep)
    #expect(try kept.extended(to: 9, finished: 6, .rescale) == fresh)
  }

  @Test("an end that is not ahead is refused")
  func behind() {
    let plan = SmallNetwork.plan { $0.cycles = 4 }
    #expect(throws: SearchError.cyclesAlreadyDone(requested: 3, finished: 3)) {
      try plan.extended(to: 3, finished: 3, .keep)
    }
  }
}
