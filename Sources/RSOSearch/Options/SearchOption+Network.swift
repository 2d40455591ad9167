import RSONetworks

/// The options about what is trained: the loss with its parameters, and the values of weights.
extension SearchOption {
  static let networkOptions: [SearchOption] = [
    SearchOption(
      "loss", key: "loss", \.loss, group: .network, valueName: "loss",
      help: """
        Loss that candidates are compared by. For classes: cross-entropy (of the softmax), squared \
        (distance of the logits from one-hot labels), zero-one (share of wrong answers), hinge \
        (multi-class), focal (cross entropy that counts certain answers less), cost (of --cost-matrix) or top-k \
        (share of samples whose class is not among the --top-k largest logits). For several labels: binary-cross-entropy. For numbers: squared, absolute, or \
        huber (squared below an error of 1 in the units of --target-scales, absolute beyond), or quantile (least at \
        --quantile). The first of each task is \
        its default. Computed from a whole minibatch: balanced-error (mean share of wrong answers of the \
        classes), macro-f1 (1 - the mean F1 of classes or labels), auc (1 - their mean area under the ROC \
        curve).
        """,
      synonyms: [
        "bce": "binary-cross-entropy", "mae": "absolute", "l1": "absolute",
        "mean-absolute-error": "absolute", "smooth-l1": "huber",
        "pinball": "quantile", "top-5": "top-k", "mse": "squared", "l2": "squared",
        "mean-squared-error": "squared",
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
        Loss that is added to the loss, times a millionth, so that it decides where the loss is equal: none (the \
        current value stays), or cross-entropy. It helps losses that count answers, such as zero-one and \
        macro-f1, which most changes leave as they are. Numbers have no cross entropy.
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
        numbers of training samples), a number for each class, as in 1,2.5,10, or a text file with them.
        """,
      expected: "none, balanced, numbers as in 1,2.5,10, or a file with them",
      words: ["none", "balanced"], lineSeparator: ",",
      range: .range("numbers from 0 to 3.4e38, not all of them 0") { weights in
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
      "target-scales", key: "targetScales", \.targetScales, group: .network, valueName: "list",
      help: """
        Units of the numbers to predict, in the loss and in the proposals for the last layer: none (those of the \
        data), deviations (of the training set's numbers), a number for each number to predict, as in 1,2.5,1000, \
        or a text file with them.
        """,
      defaultText: "deviations, for a network that predicts numbers",
      expected: "none, deviations, numbers as in 1,2.5,1000, or a file with them",
      words: ["none", "deviations"], lineSeparator: ",",
      range: .range("numbers from 1e-30 to 1e30") {
        $0.scales.allSatisfy(TargetScales.possible.contains)
      },
      conflicts: [
        OptionConflict(with: "loss", because: "only losses of numbers to predict have it") {
          !$0.targetScales.isNone && !$0.loss.suits(.regression)
        }
      ]),
    SearchOption(
      "label-smoothing", key: "labelSmoothing", \.labelSmoothing, group: .network, valueName: "e",
      help: """
        Part of each target that the cross entropy of classes spreads evenly over all classes. For example, 0.1.
        """,
      expected: "a number", range: .range("at least 0 and below 1") { $0 >= 0 && Float($0) < 1 },
      conflicts: [onlyBeside(.crossEntropy) { $0.labelSmoothing > 0 }]),
    SearchOption(
      "focal-gamma", key: "focalGamma", \.focalGamma, group: .network, valueName: "g",
      help: "Exponent of the focal loss: the larger, the less certain answers count.",
      expected: "a number", range: .range("0 to 100") { (0...100).contains($0) },
      conflicts: [onlyBeside(.focal) { $0.focalGamma != 2 }]),
    SearchOption(
      "cost-matrix", key: "costMatrix", \.costMatrix, group: .network, valueName: "file",
      help: """
        Costs of the answers to samples of each class: a text file with a row for each class and a number for \
        each answer; or the rows themselves, as in '0,1;5,0'.
        """,
      expected: "a file with a row of numbers for each class, or rows as in '0,1;5,0'",
      words: ["none"], lineSeparator: ";",
      range: .range(
        "as many numbers from 0 to 3.4e38 in each row as there are rows, and at most "
          + "\(CostMatrix.mostClasses) rows", contains: \.isComplete),
      conflicts: [
        onlyBeside(.cost) { !$0.costMatrix.rows.isEmpty },
        OptionConflict(with: "loss", because: "it needs --cost-matrix") {
          $0.loss == .cost && $0.costMatrix.rows.isEmpty
        },
      ]),
    SearchOption(
      "top-k", key: "topK", \.topK, group: .network, valueName: "k",
      help: "Number of largest logits among which the loss top-k looks for the class.",
      expected: "a whole number", range: .range("1 to 65536") { (1...65536).contains($0) },
      conflicts: [onlyBeside(.topK) { $0.topK != 5 }]),
    SearchOption(
      "quantile", key: "quantile", \.quantile, group: .network, valueName: "q",
      help: """
        Quantile at which the loss quantile is least. For example, with 0.9 nine of ten targets lie below the \
        prediction.
        """,
      expected: "a number",
      range: .range("above 0 and below 1") { Float($0) > 0 && Float($0) < 1 },
      conflicts: [onlyBeside(.quantile) { $0.quantile != 0.5 }]),
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

  /// The conflict of an option that only one loss has with other losses.
  private static func onlyBeside(
    _ loss: Loss, where isGiven: @escaping @Sendable (SearchOptions) -> Bool
  ) -> OptionConflict {
    OptionConflict(with: "loss", because: "only the loss \(loss.rawValue) has it") {
      isGiven($0) && $0.loss != loss
    }
  }
}
