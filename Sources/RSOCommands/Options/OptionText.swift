import ArgumentParser
import RSOSystem

/// Values of options on the command line. A text that is no value is refused with the range that is
/// allowed.
package enum OptionText {
  /// Returns the parser of a whole number in a range.
  package static func whole(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { text in
      guard let number = Int(text), range.contains(number) else {
        throw ValidationError(
          range.upperBound == .max
            ? "expected a whole number, \(range.lowerBound) or more"
            : "expected a whole number, \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  /// Returns the parser of a number in a range; `expected` is the range in words.
  package static func number(
    _ expected: String, in range: ClosedRange<Double>
  ) -> @Sendable (String) throws -> Double {
    { text in
      guard let number = Double(text), range.contains(number) else {
        throw ValidationError("expected \(expected)")
      }
      return number
    }
  }

  /// Returns the number that `text` means.
  package static func seed(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text) else {
      throw ValidationError("expected a whole number, 0 or more")
    }
    return seed
  }

  /// Returns the parser's message about a value in the form that all errors of options have:
  /// `invalid cycles 'many': expected a whole number`. Any other message stays as it is.
  package static func uniform(_ message: String) -> String {
    let form = /The value '(.*)' is invalid for '(?:-\w, )?-?-?<?([^ '>]+)>?(?: <[^>]*>)?'(.*)/
    guard let match = message.wholeMatch(of: form.dotMatchesNewlines()) else { return message }
    var expected = String(match.3)
    let choices = ". Please provide one of "
    if expected.hasPrefix(choices) {
      expected = ": expected one of " + expected.dropFirst(choices.count).filter { $0 != "." }
    }
    return "invalid \(match.2) '\(printable(String(match.1)))'\(expected)"
  }
}
