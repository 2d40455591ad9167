/// The value that a sweep gives an option of `rso train`.
enum SweepValue: Sendable, Hashable {
  case text(String)
  /// A file's name, as the sweep's file gives it, and what it is from anywhere.
  case path(given: String, String)
  /// For an option without a value: given, or left out.
  case flag(Bool)

  /// The word that `rso train` is given for it; nil for none.
  func argument(for option: String) -> String? {
    switch self {
    case .text(let text), .path(_, let text): "--\(option)=\(text)"
    case .flag(let isGiven): isGiven ? "--\(option)" : nil
    }
  }

  /// What a cell is called after it: the same wherever the sweep's file lies.
  var label: String {
    if case .path(let given, _) = self { given } else { description }
  }

  /// Whether it is the same value, however it is written.
  func means(_ other: SweepValue) -> Bool {
    guard case (.text(let mine), .text(let theirs)) = (self, other), let number = Double(mine)
    else {
      return self == other
    }
    return number == Double(theirs)
  }
}

extension SweepValue: CustomStringConvertible {
  var description: String {
    switch self {
    case .text(let text), .path(_, let text): text
    case .flag(let isGiven): "\(isGiven)"
    }
  }
}

extension SweepValue: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text), .path(_, let text): try container.encode(text)
    case .flag(let isGiven): try container.encode(isGiven)
    }
  }
}
