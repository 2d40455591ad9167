import RSOSystem

/// A fault in a line of svmlight's text form.
struct SparseFault: Error, Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case label(String)
    case feature(String)
    case notFinite(String)
    case tooLargeNumber(String)
    /// The number of a feature is not above that of the feature before it.
    case order(String)
  }

  var kind: Kind
  /// Counted from 1.
  var line: Int

  /// The words after `line 4`.
  var message: String {
    switch kind {
    case .label(let text):
      "begins with \(quoted(text)), not with a number or several with commas between them"
    case .feature(let text):
      "has \(quoted(text)), expected a feature as NUMBER:VALUE, such as 17:0.5"
    case .notFinite(let text):
      "has \(quoted(text)), whose value is not a finite 32-bit number; scale the feature, or remove the "
        + "line"
    case .tooLargeNumber(let text):
      "has \(quoted(text)); features have numbers up to \(SparseLines.maximumNumber)"
    case .order(let text):
      "has \(quoted(text)) behind a feature of the same or a larger number; sort the features, and leave "
        + "one of each"
    }
  }
}
