/// The correct answers for a set of samples.
package enum Targets: Sendable, Equatable {
  /// N classes. *Range:* 0 ..< the number of classes, which is at most `maximumClasses`.
  case classes([UInt16])
  /// One value per label: 1 if the label applies, otherwise 0. *Shape:* N x `count`, row-major.
  case labels([UInt8], count: Int)
  /// Numbers. *Shape:* N x `count`, row-major.
  case numbers([Float], count: Int)

  /// The most classes, labels or numbers of a sample.
  package static let maximumOutputs = 1000

  package var task: LearningTask {
    switch self {
    case .classes: .classification
    case .labels: .multiLabel
    case .numbers: .regression
    }
  }

  /// The number of samples.
  package var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .labels(let labels, let count): count == 0 ? 0 : labels.count / count
    case .numbers(let numbers, let count): count == 0 ? 0 : numbers.count / count
    }
  }

  /// The class of every sample; empty for other tasks.
  package var classes: [UInt16] {
    if case .classes(let classes) = self { classes } else { [] }
  }

  /// The targets of consecutive samples.
  package subscript(range: Range<Int>) -> Targets {
    switch self {
    case .classes(let classes):
      .classes(Array(classes[range]))
    case .labels(let labels, let count):
      .labels(Array(labels[(range.lowerBound * count)..<(range.upperBound * count)]), count: count)
    case .numbers(let numbers, let count):
      .numbers(
        Array(numbers[(range.lowerBound * count)..<(range.upperBound * count)]), count: count)
    }
  }

  /// The targets of the samples `indices`, in that order.
  package func selected(_ indices: [Int]) -> Targets {
    switch self {
    case .classes(let classes):
      .classes(indices.map { classes[$0] })
    case .labels(let labels, let count):
      .labels(indices.flatMap { labels[($0 * count)..<(($0 + 1) * count)] }, count: count)
    case .numbers(let numbers, let count):
      .numbers(indices.flatMap { numbers[($0 * count)..<(($0 + 1) * count)] }, count: count)
    }
  }
}
