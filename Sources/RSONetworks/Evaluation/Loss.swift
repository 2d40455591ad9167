internal import Glibc
import RSONumerics

/// The function that a search minimises. The loss of a set of samples is the mean over them, or a function of
/// all of them: see `isOfWholeMinibatch`.
///
/// In the definitions, z are a sample's outputs and K is their number. y is its class; t are its
/// labels (1 where a label applies, 0 elsewhere) or its numbers. Where t are numbers, each difference of z[k] and t[k]
/// is multiplied by `LossParameters.targetWeights`[k].
package enum Loss: String, Sendable, Codable, CaseIterable {
  /// ln(sum over k of e^z[k]) - z[y], in nats: PyTorch's `CrossEntropyLoss`.
  case crossEntropy = "cross-entropy"
  /// (1 / K) * sum over k of (z[k] - t[k])^2: PyTorch's `MSELoss`. For classes, t[y] = 1 and 0
  /// elsewhere.
  case squared
  /// 0 where y is the first of the largest logits, 1 elsewhere: the share of wrong answers.
  case zeroOne = "zero-one"
  /// max(0, 1 + (the largest z[k] of k != y) - z[y]): the multi-class hinge of Crammer and Singer.
  case hinge
  /// (1 / K) * sum over k of ln(1 + e^z[k]) - t[k] * z[k], in nats: PyTorch's `BCEWithLogitsLoss`.
  case binaryCrossEntropy = "binary-cross-entropy"
  /// (1 / K) * sum over k of |z[k] - t[k]|: PyTorch's `L1Loss`.
  case absolute
  /// (1 / K) * sum over k of d^2 / 2 where d = |z[k] - t[k]| is below 1, and of d - 1/2 elsewhere:
  /// PyTorch's `HuberLoss` with delta 1.
  case huber
  /// 1 - the mean over the classes that occur of the share of their samples that are answered right.
  case balancedError = "balanced-error"
  /// 1 - the mean F1 of the classes that occur or are answered, 2 r / (n + a): n samples of the class, a
  /// answers with it, r of them right. A label applies in an answer if its logit is above 0.
  case macroF1 = "macro-f1"
  /// 1 - the mean area under the ROC curve of the classes, or labels, that some samples have and others have
  /// not. The score of a class is its logit minus the largest of the others; that of a label is its logit.
  case rocAUC = "auc"
  /// (1 - p)^g c, where c is the cross entropy and p = e^-c the probability of y: samples that are answered well
  /// count less. g is `LossParameters.focalGamma`. *Source:* Lin et al., Focal Loss for Dense Object Detection,
  /// 2017.
  case focal
  /// The cost of the answer, the first of the largest logits, to a sample of class y: `LossParameters.costs`.
  case cost
  /// 0 where y is among the `LossParameters.topK` largest logits, 1 elsewhere; of equal logits the first ones
  /// count.
  case topK = "top-k"
  /// (1 / K) * sum over k of max(q d, (q - 1) d) with d = t[k] - z[k]: the pinball loss, which is least at the
  /// quantile q, `LossParameters.quantile`.
  case quantile
  /// A program that runs beside rso computes it: see `ObjectiveProgram`.
  case program

  /// The losses that rso computes.
  package static let allCases: [Loss] = [
    .crossEntropy, .squared, .zeroOne, .hinge, .binaryCrossEntropy, .absolute, .huber,
    .quantile, .focal, .cost, .topK, .balancedError, .macroF1, .rocAUC,
  ]

  /// The tasks whose targets the loss is defined for.
  package var tasks: [LearningTask] {
    switch self {
    case .crossEntropy, .zeroOne, .hinge, .focal, .cost, .topK, .balancedError: [.classification]
    case .macroF1, .rocAUC: [.classification, .multiLabel]
    case .squared: [.classification, .regression]
    case .binaryCrossEntropy: [.multiLabel]
    case .absolute, .huber, .quantile: [.regression]
    case .program: LearningTask.allCases
    }
  }

  /// True if the loss is no mean over samples: `BatchLoss` or a program computes it.
  package var isOfWholeMinibatch: Bool {
    switch self {
    case .balancedError, .macroF1, .rocAUC, .program: true
    case .crossEntropy, .squared, .zeroOne, .hinge, .binaryCrossEntropy, .absolute, .huber, .focal,
      .cost, .topK, .quantile:
      false
    }
  }

  /// True if the loss changes only where an answer changes, so that most small changes of a weight leave it
  /// as it is.
  package var isFlat: Bool { [.zeroOne, .cost, .topK].contains(self) || isOfWholeMinibatch }

  /// True if who minimises the loss does not look for accuracy.
  package var isApartFromAccuracy: Bool { [.cost, .topK].contains(self) || isOfWholeMinibatch }

  /// True if the loss is defined for a set of samples with these targets. The area under the ROC curve needs a class,
  /// or a label, that some samples have and others have not; without one, the loss is 0.
  package func isDefined(on targets: Targets) -> Bool {
    guard self == .rocAUC else { return true }
    switch targets {
    case .classes(let classes): return classes.contains { $0 != classes[0] }
    case .labels(let labels, let count):
      return labels.indices.contains { (labels[$0] != 0) != (labels[$0 % count] != 0) }
    case .numbers: return false
    }
  }

  package func suits(_ task: LearningTask) -> Bool { tasks.contains(task) }

  /// The name of the loss of a set of samples, for people.
  package var meanName: String {
    switch self {
    case .crossEntropy: "mean cross entropy"
    case .squared: "mean squared error"
    case .zeroOne: "share of wrong answers"
    case .hinge: "mean hinge loss"
    case .binaryCrossEntropy: "mean binary cross entropy"
    case .absolute: "mean absolute error"
    case .huber: "mean Huber loss"
    case .balancedError: "balanced error"
    case .macroF1: "1 - macro F1"
    case .rocAUC: "1 - ROC AUC"
    case .focal: "mean focal loss"
    case .cost: "mean cost"
    case .topK: "top-k error"
    case .quantile: "mean quantile loss"
    case .program: "objective"
    }
  }

  /// The losses for a task, the default first.
  package static func all(for task: LearningTask) -> [Loss] { allCases.filter { $0.suits(task) } }

  /// The loss that a task has unless another is asked for.
  package static func standard(for task: LearningTask) -> Loss {
    switch task {
    case .classification: .crossEntropy
    case .multiLabel: .binaryCrossEntropy
    case .regression: .squared
    }
  }

  /// The loss of one sample; NaN where an output is not finite.
  ///
  /// *Precondition:* the loss is a mean over samples, and suits the task of the targets.
  package func callAsFunction(
    _ outputs: [Double], _ targets: Targets, sample: Int,
    parameters: LossParameters = LossParameters()
  ) -> Double {
    switch targets {
    case .classes(let classes):
      return self(outputs, label: Int(classes[sample]), parameters: parameters)
    case .labels(let labels, let count):
      return self(
        outputs, targets: labels[(sample * count)..<((sample + 1) * count)].map(Double.init),
        parameters: parameters)
    case .numbers(let numbers, let count):
      return self(
        outputs, targets: numbers[(sample * count)..<((sample + 1) * count)].map(Double.init),
        parameters: parameters)
    }
  }

  /// The loss of one sample of a class; NaN where a logit is not finite.
  package func callAsFunction(
    _ logits: [Double], label: Int, parameters: LossParameters = LossParameters()
  ) -> Double {
    precondition(suits(.classification), "the plan has a loss that suits the task")
    guard logits.allSatisfy(\.isFinite) else { return .nan }
    switch self {
    case .zeroOne:
      return Self.answer(logits) == label ? 0 : 1
    case .hinge:
      let rival = logits.indices.filter { $0 != label }.map { logits[$0] }.max() ?? -.infinity
      return max(0, 1 + rival - logits[label])
    case .squared:
      return Self.mean(logits.enumerated().map { Self.square($1 - ($0 == label ? 1 : 0)) })
    case .cost:
      let answer = Self.answer(logits)
      guard !parameters.costs.isEmpty else { return answer == label ? 0 : 1 }
      return Double(parameters.costs[label * logits.count + answer])
    case .topK:
      let ahead = logits.indices.count {
        logits[$0] > logits[label] || (logits[$0] == logits[label] && $0 < label)
      }
      return ahead < parameters.topK ? 0 : 1
    case .focal:
      let entropy = Self.crossEntropy(logits, label)
      return pow(-expm1(-entropy), Double(parameters.focalGamma)) * entropy
    default:
      let entropy = Self.crossEntropy(logits, label)
      guard self == .crossEntropy, parameters.labelSmoothing > 0 else { return entropy }
      let mean = logits.reduce(0, +) / Double(logits.count)
      return entropy + Double(parameters.labelSmoothing) * (logits[label] - mean)
    }
  }

  private static func crossEntropy(_ logits: [Double], _ label: Int) -> Double {
    let largest = logits.reduce(-.infinity) { max($0, $1) }
    let exponentials = logits.reduce(0) { $0 + exp($1 - largest) }
    return largest + log(exponentials) - logits[label]
  }

  /// The loss of one sample with labels or numbers; NaN where an output is not finite.
  package func callAsFunction(
    _ outputs: [Double], targets: [Double], parameters: LossParameters = LossParameters()
  ) -> Double {
    precondition(
      suits(.multiLabel) || suits(.regression), "the plan has a loss that suits the task")
    guard outputs.allSatisfy(\.isFinite) else { return .nan }
    let weights = parameters.targetWeights
    return Self.mean(
      outputs.indices.map { index in
        let (output, target) = (outputs[index], targets[index])
        let error = (output - target) * (weights.isEmpty ? 1 : Double(weights[index]))
        let distance = abs(error)
        switch self {
        case .binaryCrossEntropy:
          // The same without overflow.
          return max(output, 0) - target * output + log1p(exp(-abs(output)))
        case .absolute: return distance
        case .quantile:
          let quantile = Double(parameters.quantile)
          return max(-quantile * error, (1 - quantile) * error)
        case .huber: return distance < 1 ? Self.square(distance) / 2 : distance - 0.5
        default: return Self.square(distance)
        }
      })
  }

  private static func square(_ x: Double) -> Double { x * x }

  private static func mean(_ terms: [Double]) -> Double { terms.reduce(0, +) / Double(terms.count) }

  /// The class of the largest logit; the first of equal ones.
  package static func answer(_ logits: [Double]) -> Int {
    logits.indices.dropFirst().reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }
}
