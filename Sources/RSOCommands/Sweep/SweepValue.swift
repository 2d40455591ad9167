/// The value that a sweep gives an option of `rso train`.
enum SweepValue: Sendable, Hashable {
  case text(String)
  /// For an option without a value: given, or left out.
  case flag(Bool)

  /// The word that `rso train` is given for it; nil for none.
  func argument(for option: String) -> String? {
    switch self {
    case .text(let text): "--\(option)=\(text)"
    case .flag(let isGiven): isGiven ? "--\(option)" : nil
    }
  }
}

extension SweepValue: CustomStringConvertible {
  var description: String {
    switch self {
    case .text(let text): text
    case .flag(let isGiven): "\(isGiven)"
    }
  }
}

extension SweepValue: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .flag(let isGiven): try container.encode(isGiven)
    }
  }
}
