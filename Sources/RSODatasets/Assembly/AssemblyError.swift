import RSONumerics
import RSOSystem

/// The reasons why what a reader found is not a data set. Messages begin with the file's path, which the
/// reader adds.
package enum AssemblyError: Error, Sendable, Equatable {
  case noSamples(name: String)
  /// A sample has no elements.
  case noElements(name: String, shape: [Int])
  /// More samples than 32-bit indices reach, or a sample with too many elements.
  case tooLarge(name: String, shape: [Int])
  case tooManyDimensions(name: String, shape: [Int])
  /// Channels can be first or last (`isAmbiguous`), or neither.
  case unknownLayout(name: String, shape: [Int], isAmbiguous: Bool)
  case shapeMismatch(part: String, shape: String, trainingShape: String)
  case countMismatch(name: String, samples: Int, targets: Int)
  case targetMismatch(part: String, columns: Int, trainingColumns: Int)
  /// A label that is a text, where those of the training set are integers.
  case mixedTargets(label: String, part: String, index: Int)
  case unknownColumn(label: String, columns: Int)
  case tooManyOutputs(columns: Int)
  /// A matrix of targets that is not one-hot, and for which no other task was asked.
  case unclearTargets(columns: Int)
  case notOneHot(part: String, index: Int)
  case notFlags
  case notClasses
  case notNumbers
  case tooFewClasses(label: String)
  case tooManyClasses(count: Int, areTexts: Bool)
  /// A class that no training sample has.
  case unknownLabel(label: String, part: String, index: Int)
  /// Labels that a network does not know, and its classes.
  case unknownClasses(labels: [String], classes: [String])
  case partTooLarge(part: String, count: Int, available: Int)
  /// An option about the form of data whose form is fixed.
  case fixedForm(option: String)
  case hasPart(part: String, option: String)

  package var description: String {
    switch self {
    case .noSamples(let name): "\(quoted(name)) has no samples"
    case .noElements(let name, let shape):
      "\(quoted(name)) has the shape \(Self.text(shape)), so its samples have no features"
    case .tooLarge(let name, let shape):
      "\(quoted(name)) has \(Self.text(shape)) elements, more than are read"
    case .tooManyDimensions(let name, let shape):
      "the samples in \(quoted(name)) have the shape \(Self.text(shape)); at most 3 dimensions are "
        + "read: channels, height, width"
    case .unknownLayout(let name, let shape, let isAmbiguous):
      "the samples in \(quoted(name)) have the shape \(Self.text(shape)), "
        + (isAmbiguous
          ? "so their channels are first or last" : "without a dimension of 1, 3 or 4 for channels")
        + "; say which is the channel with --layout nchw (first) or --layout nhwc (last)"
    case .shapeMismatch(let part, let shape, let trainingShape):
      "the training samples are \(trainingShape), but the \(part) samples \(shape)"
    case .countMismatch(let name, let samples, let targets):
      "\(quoted(name)) has \(samples) samples, but there are \(targets) labels"
    case .targetMismatch(let part, let columns, let trainingColumns):
      "a training sample has \(trainingColumns) labels, but a \(part) sample \(columns)"
    case .mixedTargets(let label, let part, let index):
      "the label \(quoted(label)) of \(part) sample \(index) is a text, but those of the training set are "
        + "integers; save both as the same type"
    default: targetDescription
    }
  }

  private var targetDescription: String {
    switch self {
    case .unknownColumn(let label, let columns):
      "there is no label column \(quoted(label)); name one of 1 to \(columns) with --label"
    case .tooManyOutputs(let columns):
      "a sample has \(columns) labels, more than \(Targets.maximumOutputs)"
    case .unclearTargets(let columns):
      "the labels are N x \(columns) integers, neither one-hot nor only 0 and 1; choose one of these columns "
        + "with --label, or predict all with --task regression"
    case .notOneHot(let part, let index):
      "the labels of \(part) sample \(index) are not one-hot; use --task multi-label, or choose one "
        + "of these columns with --label"
    case .notFlags: "the labels are not only 0 and 1, as --task multi-label needs"
    case .notClasses:
      "the labels are numbers with a fraction, not classes; use --task regression"
    case .notNumbers: "the labels are texts, not numbers; use --task classification"
    case .tooFewClasses(let label):
      "all training samples have the label \(quoted(label)); at least 2 classes are needed"
    case .tooManyClasses(let count, let areTexts):
      "the training set has \(count) different labels, more than \(Targets.maximumOutputs) classes; "
        + (areTexts
          ? "choose other labels, or save numbers to predict as numbers instead of texts"
          : "for numbers to predict use --task regression")
    case .unknownLabel(let label, let part, let index):
      "the label \(quoted(label)) of \(part) sample \(index) does not occur in the training set; leave "
        + "out such samples, or add some to the training set"
    case .unknownClasses(let labels, let classes):
      "the network does not know the \(labels.count == 1 ? "label" : "labels") \(Self.list(labels)); its "
        + "classes are \(Self.list(classes))"
    case .partTooLarge(let part, let count, let available):
      "cannot set aside \(count) samples as the \(part) set: at most \(available) leave the training "
        + "set a sample of each class"
    case .fixedForm(let option): "its form is fixed; leave out --\(option)"
    case .hasPart(let part, let option):
      "it has a \(part) set of its own; --\(option), now or when the run began, is for data without one"
    default: ""
    }
  }

  /// The first names of a list.
  private static func list(_ names: [String]) -> String {
    let most = 20
    return names.prefix(most).map { quoted($0) }.joined(separator: ", ")
      + (names.count > most ? " and \(names.count - most) more" : "")
  }

  private static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " x ")
  }
}

extension AssemblyError: CustomStringConvertible {}
