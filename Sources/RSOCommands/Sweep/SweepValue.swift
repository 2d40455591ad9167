/// The value that a sweep gives to an option of `rso train`.
package enum SweepValue: Sendable, Hashable {
  case text(String)
  /// A file: the path as the sweep's file gives it, and the absolute path.
  case path(given: String, String)
  /// An option without a value: given or left out.
  case flag(Bool)

  /// The argument for `rso train`; nil if the option is left out.
  func argument(for option: String) -> String? {
    switch self {
    case .text(let text), .path(_, let text): "--\(option)=\(text)"
    case .flag(let isGiven): isGiven ? "--\(option)" : nil
    }
  }

  /// The part of a cell's name. It does not depend on the place of the sweep's file.
  var label: String {
    if case .path(let given, _) = self { given } else { description }
  }

  /// Tells if two values are equal, however they are written: `1` and `1.0`.
  func means(_ other: SweepValue) -> Bool {
    guard case (.text(let mine), .text(let theirs)) = (self, other), let number = Double(mine)
    else {
      return self == other
    }
    return number == Double(theirs)
  }
}

extension SweepValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text(let text), .path(_, let text): text
    case .flag(let isGiven): "\(isGiven)"
    }
  }
}

extension SweepValue: Reportable {
  package var reportValue: ReportValue {
    switch self {
    case .text(let text), .path(_, let text): .text(text)
    case .flag(let isGiven): .flag(isGiven)
    }
  }
}

extension SweepValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text), .path(_, let text): try container.encode(text)
    case .flag(let isGiven): try container.encode(isGiven)
    }
  }
}
