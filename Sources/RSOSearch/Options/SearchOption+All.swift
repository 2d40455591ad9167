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

  // MARK: What is trained

  private static let networkOptions: [SearchOption] = [
    SearchOption(
      "loss", key: "loss", \.loss, group: .network, valueName: "loss",
      help: """
        Loss that candidates are compared by. For classes: cross-entropy (of the softmax), squared \
        (distance of the logits from one-hot labels), zero-one (share of wrong answers) or hinge \
        (multi-class). For several labels: binary-cross-entropy. For numbers: squared, absolute, or \
        huber (squared below an error of 1 in the numbers' units, absolute beyond). The first of each task is \
        its default. Computed from a whole minibatch: balanced-error (mean share of wrong answers of the \
        classes), macro-f1 (1 - the mean F1 of classes or labels), auc (1 - their mean area under the ROC \
        curve).
        """,
      synonyms: [
        "bce": "binary-cross-entropy", "mae": "absolute", "l1": "absolute",
        "mean-absolute-error": "absolute", "smooth-l1": "huber",
        "mse": "squared", "l2": "squared", "mean-squared-error": "squared",
        "ce": "cross-entropy", "nll": "cross-entropy", "log-loss": "cross-entropy",
        "crossentropy": "cross-entropy", "categorical-crossentropy": "cross-entropy",
        "accuracy": "zero-one", "svm": "hinge", "margin": "hinge",
        "f1": "macro-f1", "f1-macro": "macro-f1", "f1-score": "macro-f1", "roc-auc": "auc",
        "balanced-accuracy": "balanced-error",
      ],
      conflicts: [
        OptionConflict(with: "objective", because: "--objective names the program") {
          $0.loss == .program && $0.objectiveCommand.isNone
        }
      ]),
    SearchOption(
      "objective", key: "objective", \.objectiveCommand, group: .network, valueName: "command",
      help: """
        Program that computes the objective of each minibatch from the network's outputs and the targets: \
        lower is better. It runs as long as rso does; rso-objective(5) says what it reads and writes.
        """,
      expected: "a command, or 'none'", range: .objective,
      conflicts: [
        OptionConflict(with: "loss", because: "the program computes the loss; leave --loss out") {
          !$0.objectiveCommand.isNone && $0.loss != .program
        }
      ]),
    SearchOption(
      "tie-break", key: "tieBreak", \.tieBreak, group: .network, valueName: "loss",
      help: """
        What decides between candidates whose loss is equal: none (the current value stays), or \
        cross-entropy (times a millionth). It helps losses that count answers, such as zero-one and \
        macro-f1, which most changes leave as they are.
        """,
      conflicts: [
        OptionConflict(with: "loss", because: "the losses of numbers are hardly ever equal") {
          $0.tieBreak != .none && !$0.loss.suits(.classification) && !$0.loss.suits(.multiLabel)
        }
      ],
      lacksEffect: {
        $0.tieBreak != .none && [.crossEntropy, .binaryCrossEntropy].contains($0.loss)
          ? "the loss is the cross entropy" : nil
      }),
    SearchOption(
      "class-weights", key: "classWeights", \.classWeights, group: .network, valueName: "list",
      help: """
        Factors on the losses of the samples of each class: none, balanced (inversely proportional to the \
        numbers of training samples), or a number for each class, as in 1,2.5,10.
        """,
      expected: "none, balanced, or numbers as in 1,2.5,10",
      range: .range("finite numbers of at least 0, not all of them 0") { weights in
        weights.weights.allSatisfy { $0.isFinite && $0 >= 0 && Float($0).isFinite }
          && (weights.weights.isEmpty || weights.weights.contains { Float($0) > 0 })
      },
      conflicts: [
        OptionConflict(with: "loss", because: "it is no mean over samples that have one class") {
          !$0.classWeights.isNone
            && ($0.loss.isOfWholeMinibatch || !$0.loss.suits(.classification))
        }
      ]),
    SearchOption(
      "weights", key: "weights", \.weights, group: .network, valueName: "set",
      help: """
        Values that a weight may have: real (any), binary (-s, s), ternary (-s, 0, s) or int8 (-127s \
        to 127s in steps of s), s being fixed for each layer.
        """,
      synonyms: ["float": "real", "float32": "real", "f32": "real"],
      conflicts: [
        OptionConflict(with: "granularity", because: "each weight moves within its set alone") {
          $0.weights != .real && $0.granularity != .weight
        },
        OptionConflict(
          with: "selection", because: "a vertex lies between the values of the set"
        ) { $0.weights != .real && $0.selection == .vertex },
        OptionConflict(
          with: "proposal", because: "all other values of the set are compared, so none is drawn"
        ) { $0.weights.isSmall && $0.proposal != .gaussian },
      ]),
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
