/// A figure of an evaluation: a number with its names, and its interval if it has one.
package struct Figure: Sendable, Equatable {
  /// The kind of number, which decides its form as text.
  package enum Kind: Sendable {
    /// 0 to 1, shown in percent.
    case share
    /// Any other number.
    case number
  }

  /// The key in answers for programs: `balanced_accuracy`.
  package var key: String
  /// The name for people: `balanced accuracy`.
  package var title: String
  package var kind: Kind
  /// The value is nil if the figure is not defined for these samples.
  package var value: Double?
  package var interval: Interval?
  /// An explanation of a few words, if the name needs one: `15 bins`.
  package var remark: String?

  package init(
    _ key: String, _ title: String, _ kind: Kind, _ value: Double?, interval: Interval? = nil,
    remark: String? = nil
  ) {
    self.key = key
    self.title = title
    self.kind = kind
    self.value = value
    self.interval = interval
    self.remark = remark
  }
}

/// The figures of one output of a network: a class, a label or a number.
package struct OutputFigures: Sendable, Equatable {
  /// The name of the output.
  package var name: String
  /// Samples that have the class or label; nil for numbers, which all samples have.
  package var samples: Int?
  /// The same figures in the same order for each output.
  package var figures: [Figure]

  package init(name: String, samples: Int?, figures: [Figure]) {
    self.name = name
    self.samples = samples
    self.figures = figures
  }
}
