import ArgumentParser
import RSODatasets
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

  /// Returns the seconds of a time: `H:MM:SS`, `M:SS` or `D-HH:MM:SS`; above 0.
  package static func duration(_ text: String) throws -> Double {
    let form =
      #/
      (?: (?<days> [0-9]{1,4} ) - )?  (?: (?<hours> [0-9]{1,4} ) : )?
      (?<minutes> [0-9]{1,4} ) : (?<seconds> [0-9]{2} )
      /#
    let fields = text.wholeMatch(of: form).map { match in
      [match.days, match.hours, match.minutes, match.seconds].map { $0.map { Int($0) ?? 0 } }
    }
    guard let fields, let minutes = fields[2], let seconds = fields[3], seconds < 60,
      // The largest field may have any number; those below it may not.
      fields[1] == nil || minutes < 60, fields[0] == nil || fields[1].map({ $0 < 24 }) ?? false
    else {
      throw ValidationError("expected a time such as 3:50:00, 45:00 or 1-12:00:00")
    }
    let time = (((fields[0] ?? 0) * 24 + (fields[1] ?? 0)) * 60 + minutes) * 60 + seconds
    guard time > 0 else { throw ValidationError("expected a time above 0") }
    return Double(time)
  }

  /// Returns the part of a training set that `text` means.
  package static func part(_ text: String) throws -> DataRequest.Part {
    guard let part = DataRequest.Part(text) else {
      throw ValidationError(
        "expected a share above 0 and below 1 such as 0.2, or a number of samples such as 1000")
    }
    return part
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
