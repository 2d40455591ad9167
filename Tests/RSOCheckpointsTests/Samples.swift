import HDF5
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch
import Testing

/// Checkpoints to test with.
enum Sample {
  /// Every kind of tensor, a projection and a layer without batch norm.
  static let architecture = Architecture(
    name: "tiny", input: ImageShape(channels: 1, height: 4, width: 4), classes: 3,
    layers: [
      .convolution(name: "conv1", filters: 2, kernel: 3, bias: false), .batchNorm(name: nil), .relu,
      .convolution(name: "conv2", filters: 3, kernel: 3, bias: true),
      .skip(from: "conv1", projection: true), .batchNorm(name: nil), .relu,
      .globalPool(.average), .linear(name: "fc", outputs: 3, bias: true),
    ])

  static func plan(seed: UInt64 = .max - 1, cycles: Int = 4) -> SearchPlan {
    var options = SearchOptions()
    options.cycles = cycles
    options.batchSize = 10
    options.weightDecay = 1e-4
    return plan(seed: seed, options: options)
  }

  static func plan(seed: UInt64 = .max - 1, options: SearchOptions) -> SearchPlan {
    SearchPlan(
      architecture: architecture, options: options, seed: seed,
      data: DataIdentity(
        name: "größe/\"x\"", shape: architecture.input, outputs: 3, trainingCount: 60,
        testCount: 10, trainingSHA256: String(repeating: "ab", count: 32),
        testSHA256: String(repeating: "cd", count: 32)),
      normalization: Normalization(mean: [0.1307], standardDeviation: [0.3081]))
  }

  static func tally(_ kept: Int, _ plus: Int, _ minus: Int) -> StepTally {
    var tally = StepTally()
    (tally.kept, tally.plus, tally.minus) = (kept, plus, minus)
    return tally
  }

  /// After `cycles` cycles, in the middle of the next one unless it is a boundary between cycles.
  static func checkpoint(
    cycles: Int = 2, midCycle: Bool = false, plan: SearchPlan = plan()
  ) throws -> Checkpoint {
    let layout = try StageGraph(plan.architecture).layout
    var state = try SearchState.initial(plan: plan)
    state.parameters[0] = -0.0
    state.parameters[1] = .leastNonzeroMagnitude
    state.cursor = SearchOrder(layout, options: plan.options).first(cycle: cycles)
    if midCycle {
      state.cursor = SearchCursor(cycle: cycles, layer: 0, neuron: 1)
      state.tallies = layout.layers.indices.map { tally($0, 2, 3) }
      state.lossSum = 12.3456789
      state.comparisons = state.tallies.reduce(0) { $0 + $1.steps }
      state.evaluations = 333
    }
    var statistics: NormalizationStatistics?
    if !midCycle {
      let channels = layout.layers.map { $0.tensor(.gamma) == nil ? 0 : $0.outputs }
      statistics = NormalizationStatistics(
        mean: channels.map { (0..<$0).map { Float($0) - 0.5 } },
        variance: channels.map { (0..<$0).map { Float($0) * 0.25 } })
    }
    let schedule = DeviationSchedule(
      initialDeviations: state.initialDeviations, options: plan.options)
    let history = (0..<cycles).map { cycle in
      CycleRecord(
        cycle: cycle + 1, trainingLoss: 1 / Double(cycle + 3),
        test: SetScore(loss: .infinity, accuracy: 0.1 * Double(cycle)),
        evaluations: 3 * layout.parameterCount,
        seconds: 1.25, deviations: schedule.deviations(cycle: cycle),
        tallies: layout.layers.indices.map { tally(cycle, $0, 7) })
    }
    return Checkpoint(
      plan: plan, state: state, statistics: statistics, history: history,
      provenance: Provenance(
        runID: "0123456789abcdef", version: "1.0.0", numericPath: "f32", instructionSet: "avx2",
        host: "häuschen", created: 1_700_000_000.5, saved: 1_700_000_100.25, resumes: 1,
        resumedFrom: String(repeating: "ef", count: 32), secondsInCycle: 0.75))
  }

  /// After two cycles, with a place of the data that is not UTF-8.
  static func placed() throws -> Checkpoint {
    var checkpoint = try checkpoint()
    checkpoint.provenance.dataPlace = DataPlace(
      path: Array("/daten/f".utf8) + [0xFC] + Array("r\\\n1".utf8),
      relativePath: Array("../../f".utf8) + [0xFC] + Array("r\\\n1".utf8))
    return checkpoint
  }

  /// The file of a checkpoint, changed by `edit` and sealed anew: hostile, with a right digest.
  static func resealed(
    _ checkpoint: Checkpoint, generator: String = "rso 1.0.0",
    _ edit: (_ root: borrowing HDF5Group) throws -> Void
  ) throws -> [UInt8] {
    let file = try HDF5File(bytes: try CheckpointWriter.encode(checkpoint), writable: true)
    try edit(try file.root())
    return try #require(UserBlock.seal(try file.image(), generator: generator))
  }
}

extension Sample {
  /// The JSON texts in the file of a checkpoint.
  static func texts(_ checkpoint: Checkpoint) throws -> (plan: String, architecture: String) {
    let file = try HDF5File(bytes: try CheckpointWriter.encode(checkpoint))
    let root = try file.root()
    return (
      try root.dataset("plan").readText(maximumBytes: 1 << 16),
      try root.dataset("architecture").readText(maximumBytes: 1 << 16)
    )
  }
}
