extension SearchOption {
  /// Every option, in the order in which help and tables show them.
  package static let all =
    lengthOptions + judgingOptions + drawingOptions + networkOptions + knobOptions

  // MARK: How long

  private static let lengthOptions: [SearchOption] = [
    SearchOption(
      "cycles", key: "cycles", isAlwaysStored: true, \.cycles, group: .length, valueName: "n",
      help: "Cycles to train. A cycle visits every parameter once.", expected: "a whole number",
      range: .cycles(\.self)),
    SearchOption(
      "patience", key: "patience", \.patience, group: .length, valueName: "n",
      help: """
        Cycles without a better one after which the run ends before --cycles. The validation set decides \
        which cycle is better; without one, the training loss.
        """,
      expected: "a whole number or 'all'", range: .range("at least 1") { $0 ?? 1 >= 1 }),
    SearchOption(
      "anneal-cycles", key: "annealCycles", \.annealCycles, group: .length, valueName: nil,
      help: "Cycles over which the deviation falls; a run extended with 'keep' has fewer than all.",
      expected: "a whole number or 'all'", range: .cycles { $0 ?? 1 }),
  ]

  // MARK: What a change is judged on

  private static let judgingOptions: [SearchOption] = [
    SearchOption(
      "batch-size", key: "batchSize", isAlwaysStored: true, \.batchSize, group: .judging,
      valueName: "n",
      help: """
        Training samples in a minibatch, or a schedule over the cycles. For example, \
        250:3,1000:3,5000 means 250 for three cycles, 1000 for three, then 5000.
        """,
      defaultText: "5000, or all samples if there are fewer",
      expected: "a size, or sizes with their cycles and a last size, as in 250:3,1000:3,5000",
      range: .batchSize),
    SearchOption(
      "batch-factors", key: "batchFactors", \.batchFactors, group: .judging, valueName: "list",
      help: """
        Larger minibatches for some layers, as multiples of --batch-size, up to all samples. For \
        example: conv5:4,fc:8.
        """,
      expected: "layers with whole numbers, as in conv5:4,fc:8, or 'none'", range: .batchFactors),
    SearchOption(
      "batching", key: "batching", isAlwaysStored: true, \.batching, group: .judging,
      valueName: "mode",
      help: """
        How minibatches are chosen: cyclic (cut from a shuffle of the samples for each layer and \
        used in turn) or random (drawn for each step).
        """),
    SearchOption(
      "phase-samples", key: "phaseSamples", \.phaseSamples, group: .judging, valueName: "n",
      help: """
        Training samples that a layer's minibatches are cut from. They are drawn again for every layer \
        of every cycle.
        """,
      expected: "a whole number or 'all'", range: .phaseSamples),
    SearchOption(
      "augment", key: "augment", \.augment, group: .judging, valueName: "changes",
      help: """
        Random changes of the training images, new for every layer of every cycle: shift:2 moves each \
        image by up to 2 pixels, flip mirrors half of them, shift:4,flip does both.
        """,
      expected: "'shift:N', 'flip', both with a comma, or 'none'", range: .augment),
    SearchOption(
      "hold", key: "hold", isAlwaysStored: true, \.hold, group: .judging, valueName: "k",
      help: """
        Consecutive weights of a neuron that share a minibatch. From the second on, a step evaluates \
        two losses, not three.
        """,
      expected: "a whole number", range: .range("at least 1") { $0 >= 1 },
      conflicts: [
        OptionConflict(
          with: "parallel",
          because: "a step does not see the choice before it, so it cannot reuse that loss"
        ) { $0.hold > 1 && $0.parallel == .layer },
        OptionConflict(
          with: "selection",
          because: "the loss at a vertex is not evaluated, so the next step cannot reuse it"
        ) { $0.hold > 1 && $0.selection == .vertex },
      ]),
  ]

  // MARK: How changes are drawn

  private static let drawingOptions: [SearchOption] = [
    SearchOption(
      "deviation-scale", oldNames: ["sigma-scale"], key: "sigmaScale", isAlwaysStored: true,
      \.deviationScale, group: .drawing, valueName: "x",
      help: """
        Factor on the deviation of all proposed changes. For example, 1.5 makes changes 50 % larger.
        """,
      expected: "a number",
      range: .range("above 0 and at most 1000000") { $0 > 0 && $0 <= 1e6 }),
    SearchOption(
      "anneal", key: "anneal", isAlwaysStored: true, \.anneal, group: .drawing, valueName: "how",
      help: "How the deviation falls over the cycles: linear, or none."),
    SearchOption(
      "anneal-to", key: "annealTo", isAlwaysStored: true, \.annealTo, group: .drawing,
      valueName: "x",
      help: "Deviation of the last cycle as a fraction of the first cycle's.",
      expected: "a number",
      range: .range("above 0 and at most 1") { $0 > 0 && $0 <= 1 },
      lacksEffect: { $0.anneal == .none ? "--anneal none keeps the deviation as it is" : nil }),
    SearchOption(
      "adapt", key: "adapt", \.adapt, group: .drawing, valueName: "how",
      help: """
        How a layer's deviation follows its steps: none, or success (it shrinks after a cycle that \
        kept most of the layer's weights).
        """,
      conflicts: [
        OptionConflict(
          with: "granularity", because: "its proposals change all layers, so none has its own steps"
        ) { $0.adapt != .none && $0.granularity == .network },
        OptionConflict(with: "weights", because: "proposals for such weights have no deviation") {
          $0.adapt != .none && $0.weights.isSmall
        },
      ]),
    SearchOption(
      "weight-decay", key: "weightDecay", isAlwaysStored: true, \.weightDecay, group: .drawing,
      valueName: "x",
      help: "Fraction by which a parameter shrinks at each visit; 0 turns it off.",
      expected: "a number",
      range: .range("at least 0 and below 1") { $0 >= 0 && $0 < 1 }),
  ]

  // MARK: Variants of the algorithm, which the paper compares

  private static let knobOptions: [SearchOption] = [
    SearchOption(
      "proposal", key: "proposal", isAlwaysStored: true, \.proposal, group: .knobs,
      valueName: "distribution",
      help: """
        Distribution of the proposed changes, s being the layer's deviation: gaussian (N(0, s)), \
        uniform (-2s to 2s) or template (-s, 0 or s).
        """,
      synonyms: ["normal": "gaussian", "ternary": "template", "sign": "template"]),
    SearchOption(
      "granularity", key: "granularity", isAlwaysStored: true, \.granularity, group: .knobs,
      valueName: "what",
      help: """
        What one step changes: weight (one parameter), layer or network (all of its parameters, with \
        a tenth of the deviation).
        """,
      synonyms: ["parameter": "weight", "model": "network"],
      conflicts: [
        OptionConflict(
          with: "parallel",
          because: "its proposals change a whole layer, so no neurons can be searched in parallel"
        ) { $0.granularity != .weight && $0.parallel != .none },
        OptionConflict(with: "hold", because: "a minibatch is held for the weights of one neuron") {
          $0.granularity != .weight && $0.hold > 1
        },
        OptionConflict(
          with: "order", because: "its proposals change the weights of a layer together"
        ) { $0.granularity != .weight && $0.order != .output },
      ]),
    SearchOption(
      "order", key: "order", isAlwaysStored: true, \.order, group: .knobs, valueName: "by",
      help: "Order of the weights in a layer: output by output, or input by input."),
    SearchOption(
      "layers", key: "layers", isAlwaysStored: true, \.layers, group: .knobs,
      valueName: "order",
      help: "Order of the layers: backward (from the labels to the input) or forward."),
    SearchOption(
      "parallel", key: "parallel", isAlwaysStored: true, \.parallel, group: .knobs,
      valueName: "mode",
      help: """
        Which weights of a layer are searched in parallel: none, layer (all of them) or neuron (those \
        of different neurons).
        """),
    SearchOption(
      "selection", key: "selection", isAlwaysStored: true, \.selection, group: .knobs,
      valueName: "rule",
      help: """
        Candidate that a step takes: best (of three), first (the first that improves) or vertex (the \
        minimum of the parabola through the three losses).
        """,
      synonyms: ["parabola": "vertex", "greedy": "first"]),
  ]
}
