import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("SearchPlan")
struct SearchPlanTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout SearchOptions) -> Void
    var message: String

    init(
      _ name: String, _ message: String, _ change: @escaping @Sendable (inout SearchOptions) -> Void
    ) {
      testDescription = name
      self.message = message
      self.change = change
    }
  }

  static let rows = [
    Row("no cycles", "invalid cycles '0': expected 1 to 1000000000") { $0.cycles = 0 },
    Row("cycles without end", "invalid cycles '1000000001': expected 1 to 1000000000") {
      $0.cycles = 1_000_000_001
    },
    Row("no annealing cycles", "invalid anneal-cycles '0': expected 1 to 1000000000") {
      $0.annealCycles = 0
    },
    Row(
      "empty batch", "invalid batch-size '0': expected 1 to 26, the number of training samples"
    ) { $0.batchSize = 0 },
    Row(
      "batch too large",
      "invalid batch-size '27': expected 1 to 26, the number of training samples"
    ) { $0.batchSize = 27 },
    Row(
      "batch beyond the phase",
      "invalid batch-size '6': expected 1 to 5, the number of --phase-samples"
    ) { $0.phaseSamples = 5 },
    Row(
      "phase too large",
      "invalid phase-samples '27': expected 1 to 26, the number of training samples"
    ) { $0.phaseSamples = 27 },
    Row(
      "empty phase", "invalid phase-samples '0': expected 1 to 26, the number of training samples"
    ) { $0.phaseSamples = 0 },
    Row("no deviation", "invalid deviation-scale '0.0': expected above 0 and at most 1000000") {
      $0.deviationScale = 0
    },
    Row("infinite deviation", "invalid deviation-scale 'inf': expected above 0 and at most 1000000")
    {
      $0.deviationScale = .infinity
    },
    Row("annealing to nothing", "invalid anneal-to '0.0': expected above 0 and at most 1") {
      $0.annealTo = 0
    },
    Row("annealing upwards", "invalid anneal-to '1.5': expected above 0 and at most 1") {
      $0.annealTo = 1.5
    },
    Row("annealing to no number", "invalid anneal-to 'nan': expected above 0 and at most 1") {
      $0.annealTo = .nan
    },
    Row("negative decay", "invalid weight-decay '-0.1': expected at least 0 and below 1") {
      $0.weightDecay = -0.1
    },
    Row("total decay", "invalid weight-decay '1.0': expected at least 0 and below 1") {
      $0.weightDecay = 1
    },
    Row(
      "a batch of the schedule too large",
      "invalid batch-size '27': expected 1 to 26, the number of training samples"
    ) { $0.batchSize = BatchSchedule("6:2,27:1,13")! },
    Row("a size for no cycle", "invalid batch-size '6:0': expected at least 1 cycle") {
      $0.batchSize = BatchSchedule("6:0,13")!
    },
    Row(
      "a multiple for a layer that is not there",
      "invalid batch-factors 'conv9:2,fc:3': expected layers of the network: conv1, fc"
    ) { $0.batchFactors = BatchFactors(["fc": 3, "conv9": 2]) },
    Row(
      "a shift out of the image",
      "invalid augment 'shift:4': expected a shift of 1 to 3 pixels, less than the images' size"
    ) { $0.augment = Augmentation(shift: 4) },
    Row("no multiple", "invalid batch-factors 'fc:0': expected factors of at least 1") {
      $0.batchFactors = BatchFactors(["fc": 0])
    },
    Row(
      "deviations that follow the steps of all layers at once",
      "adapt 'success' cannot be combined with granularity 'network': its proposals change all layers, "
        + "so none has its own steps"
    ) {
      $0.adapt = .success
      $0.granularity = .network
    },
    Row(
      "deviations that there are not",
      "adapt 'success' cannot be combined with weights 'ternary': proposals for such weights have no deviation"
    ) {
      $0.adapt = .success
      $0.weights = .ternary
    },
    Row("nothing held", "invalid hold '0': expected at least 1") { $0.hold = 0 },
    Row(
      "a layer's proposals in parallel",
      "granularity 'layer' cannot be combined with parallel 'neuron': its proposals change a whole "
        + "layer, so no neurons can be searched in parallel"
    ) {
      $0.granularity = .layer
      $0.parallel = .neuron
    },
    Row(
      "the network's proposals held",
      "granularity 'network' cannot be combined with hold '2': a minibatch is held for the weights of "
        + "one neuron"
    ) {
      $0.granularity = .network
      $0.hold = 2
    },
    Row(
      "a layer's proposals by inputs",
      "granularity 'layer' cannot be combined with order 'input': its proposals change the weights of a "
        + "layer together"
    ) {
      $0.granularity = .layer
      $0.order = .input
    },
    Row(
      "held for weights that do not see each other",
      "hold '2' cannot be combined with parallel 'layer': a step does not see the choice before it, so "
        + "it cannot reuse that loss"
    ) {
      $0.hold = 2
      $0.parallel = .layer
    },
    Row(
      "a layer's proposals within a set",
      "weights 'binary' cannot be combined with granularity 'layer': each weight moves within its set "
        + "alone"
    ) {
      $0.weights = .binary
      $0.granularity = .layer
    },
    Row(
      "a vertex within a set",
      "weights 'int8' cannot be combined with selection 'vertex': a vertex lies between the values of "
        + "the set"
    ) {
      $0.weights = .int8
      $0.selection = .vertex
    },
    Row(
      "a draw from three values",
      "weights 'ternary' cannot be combined with proposal 'uniform': all other values of the set are "
        + "compared, so none is drawn"
    ) {
      $0.weights = .ternary
      $0.proposal = .uniform
    },
    Row(
      "held beyond a vertex",
      "hold '2' cannot be combined with selection 'vertex': the loss at a vertex is not evaluated, so "
        + "the next step cannot reuse it"
    ) {
      $0.hold = 2
      $0.selection = .vertex
    },
  ]

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("an option out of range is refused by name", arguments: rows)
  func options(row: Row) {
    #expect(message { try SmallNetwork.plan(row.change).validate() } == row.message)
  }

  @Test("options at the edge of their range are accepted")
  func edges() throws {
    try SmallNetwork.plan {
      $0.cycles = 1
      $0.annealCycles = 1
      $0.phaseSamples = 26
      $0.batchSize = 26
      $0.annealTo = 1
      $0.weightDecay = 0
    }.validate()
  }

  @Test("samples that no index reaches are refused", arguments: [-1, 0, 1 << 31, 1 << 62])
  func samples(count: Int) {
    let plan = SmallNetwork.plan()
    var data = plan.data
    data.trainingCount = count
    func changed(_ data: DataIdentity) -> SearchPlan {
      SearchPlan(
        architecture: plan.architecture, options: plan.options, seed: plan.seed, data: data,
        normalization: plan.normalization)
    }
    #expect(
      message { try changed(data).validate() }
        == "invalid number of training samples '\(count)': expected 1 to 2147483647")
    data = plan.data
    data.testCount = count
    let possible = count == 0
    #expect((message { try changed(data).validate() } == nil) == possible)
  }

  @Test("an architecture for other data is refused")
  func otherData() {
    var wider = SmallNetwork.architecture
    wider.input.width = 5
    #expect(
      message { try SmallNetwork.plan(architecture: wider).validate() }
        == "the data's sample shape is '1 x 4 x 4', the network's '1 x 4 x 5': choose other data "
        + "with --data, or a network for these data")
    var more = SmallNetwork.architecture
    more.classes = 4
    more.layers[more.layers.count - 1] = .linear(name: "fc", outputs: 4, bias: true)
    #expect(
      message { try SmallNetwork.plan(architecture: more).validate() }
        == "the data's number of classes is '3', the network's '4': choose other data with --data, "
        + "or a network for these data")
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var isSameRun: Bool
    var change: @Sendable (inout SearchPlan) -> Void
  }

  @Test(
    "plans of one run differ in length, and in the names of data and files, at most",
    arguments: [
      Change(testDescription: "nothing", isSameRun: true) { _ in },
      Change(testDescription: "length", isSameRun: true) {
        ($0.options.cycles, $0.options.annealCycles) = (99, 2)
      },
      Change(testDescription: "name of the data", isSameRun: true) { $0.data.name = "moved" },
      Change(testDescription: "name of the weights' file", isSameRun: true) {
        $0.initialParameters?.source = "other.npz"
      },
      Change(testDescription: "content of the data", isSameRun: false) {
        $0.data.trainingSHA256 = "x"
      },
      Change(testDescription: "content of the weights", isSameRun: false) {
        $0.initialParameters?.sha256 = "x"
      },
      Change(testDescription: "no weights", isSameRun: false) { $0.initialParameters = nil },
      Change(testDescription: "seed", isSameRun: false) { $0.seed += 1 },
      Change(testDescription: "option", isSameRun: false) { $0.options.hold += 1 },
      Change(testDescription: "normalisation", isSameRun: false) { $0.normalization.mean[0] += 1 },
      Change(testDescription: "network", isSameRun: false) { $0.architecture.name = "other" },
      Change(testDescription: "numeric path", isSameRun: false) { $0.numericPath = "other" },
    ])
  func sameRun(row: Change) {
    var plan = SmallNetwork.plan()
    plan.initialParameters = InitialParameters(source: "weights.npz", sha256: "a")
    var other = plan
    row.change(&other)
    #expect(plan.isOfSameRun(as: other) == row.isSameRun)
    #expect(other.isOfSameRun(as: plan) == row.isSameRun)
    other.numericPath = "another"
    #expect(
      plan.isOfSameRun(as: other, acceptsOtherPath: true)
        == (row.isSameRun || row.testDescription == "numeric path"))
  }

  @Test(
    "a loss that does not suit the task is refused with those that do",
    arguments: [
      (
        LearningTask.classification,
        "cross-entropy, squared, zero-one, hinge, focal, cost, top-k, balanced-error, macro-f1, auc"
      ),
      (.multiLabel, "binary-cross-entropy, macro-f1, auc"),
      (.regression, "squared, absolute, huber, quantile"),
    ])
  func unsuitedLoss(task: LearningTask, suited: String) throws {
    for loss in Loss.allCases {
      let plan = SmallNetwork.plan { SmallNetwork.setLoss(loss, in: &$0) }
      var data = plan.data
      data.task = task
      let changed = SearchPlan(
        architecture: plan.architecture, options: plan.options, seed: plan.seed, data: data,
        normalization: plan.normalization)
      #expect(
        message { try changed.validate() }
          == (loss.suits(task)
            ? nil : "--loss \(loss.rawValue) does not suit \(task.rawValue); use \(suited)"))
    }
  }

  @Test("what is no network is refused")
  func noNetwork() {
    var empty = SmallNetwork.architecture
    empty.layers = []
    #expect(throws: ArchitectureError.self) {
      try SmallNetwork.plan(architecture: empty).validate()
    }
  }

  @Test(
    "a normalisation that does not fit the data is refused",
    arguments: [
      Normalization(mean: [], standardDeviation: []),
      Normalization(mean: [0.5], standardDeviation: [0.2, 0.2]),
      Normalization(mean: [.nan], standardDeviation: [0.2]),
      Normalization(mean: [0.5], standardDeviation: [-0.2]),
      Normalization(mean: [0.5], standardDeviation: [.infinity]),
    ])
  func normalization(normalization: Normalization) {
    let plan = SmallNetwork.plan()
    let other = SearchPlan(
      architecture: plan.architecture, options: plan.options, seed: plan.seed, data: plan.data,
      normalization: normalization)
    #expect(throws: SearchError.unusableNormalization(channels: 1)) { try other.validate() }
  }

  @Test("a run begins before its first neuron with the initial parameters and their deviations")
  func initialState() throws {
    let plan = SmallNetwork.plan()
    let state = try SearchState.initial(plan: plan)
    let layout = try SmallNetwork.layout()
    #expect(state.cursor == SearchCursor(cycle: 0, layer: 1, neuron: 0))
    #expect(state.parameters == Initializer.parameters(layout: layout, seed: plan.seed))
    #expect(
      state.initialDeviations
        == Initializer.initialDeviations(layout: layout, parameters: state.parameters))
    #expect(state.tallies == [StepTally(), StepTally()])
    #expect(throws: SearchError.self) {
      try SearchState.initial(plan: SmallNetwork.plan { $0.cycles = 0 })
    }
  }

  @Test("a state of another network is refused")
  func otherState() throws {
    let plan = SmallNetwork.plan()
    let order = try SearchOrder(plan)
    let good = try SearchState.initial(plan: SmallNetwork.plan())
    try good.validate(plan, order: order)
    let changes: [(inout SearchState) -> Void] = [
      { $0.parameters.removeLast() }, { $0.parameters[3] = .nan }, { $0.cursor.layer = 2 },
      { $0.cursor.neuron = 3 }, { $0.initialDeviations.append(1) },
      { $0.initialDeviations[0] = -1 }, { $0.tallies.removeAll() },
      { $0.deviationFactors = [1] }, { $0.deviationFactors = [1, 2] },
      { $0.layerParameters = [1] }, { $0.layerParameters = Array(repeating: .nan, count: 9) },
    ]
    for change in changes {
      var state = good
      change(&state)
      #expect(throws: SearchError.self) { try state.validate(plan, order: order) }
    }
  }
}
