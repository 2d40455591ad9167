import Glibc
import RSOSystem

/// Numbers as text for people, independent of the locale.
package enum Numbers {
  /// `11,824`.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `1 cycle`, `2 cycles`: for a noun whose plural ends in s.
  package static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `once`, `2 times`.
  package static func times(_ number: Int) -> String {
    number == 1 ? "once" : "\(grouped(number)) times"
  }

  /// `1st`, `2nd`, `3rd`, `4th`, `11th`.
  package static func ordinal(_ number: Int) -> String {
    let suffixes = [1: "st", 2: "nd", 3: "rd"]
    let isTeen = (11...13).contains(number % 100)
    return "\(grouped(number))\(isTeen ? "th" : suffixes[number % 10] ?? "th")"
  }

  /// The position of a run: `after 12 cycles`, or `after 12 cycles and 40 steps`.
  package static func place(cycles: Int, steps: Int) -> String {
    "after \(count(cycles, "cycle"))" + (steps == 0 ? "" : " and \(count(steps, "step"))")
  }

  /// Numbers in ascending order, as `0 to 7, 9`.
  package static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
      .joined(separator: ", ")
  }

  /// `97.42 %`.
  package static func percent(_ share: Double) -> String { fixed(share * 100, 2) + " %" }

  package static func fixed(_ number: Double, _ digits: Int) -> String {
    NumberText.fixed(number, decimals: digits)
  }

  /// `0.0312`, `-12.5000`; `3.1e-05` for numbers too small for four decimals, `1.2e+06` for large ones;
  /// `-` for an unknown number.
  package static func value(_ number: Double?) -> String {
    guard let number else { return "-" }
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if number == 0 { return "0" }
    return abs(number) < 9.5e-4 || abs(number) >= 99_999.5
      ? NumberText.scientific(number, decimals: 1) : fixed(number, 4)
  }

  /// The ends of a range, each as `value`; with all of their digits if these would be the same texts.
  package static func ends(_ range: ClosedRange<Float>) -> (String, String) {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    let ends = (value(Double(lower)), value(Double(upper)))
    return lower == upper || ends.0 != ends.1 ? ends : ("\(lower)", "\(upper)")
  }

  /// A loss: `0.2518`; `1.235e-07` below 0.001, and `1.235e+06` from a million on; `-` for an unknown one.
  package static func loss(_ number: Double?) -> String {
    guard let number else { return "-" }
    if number == 0 || !number.isFinite || (1e-3..<1e6).contains(abs(number)) {
      return fixed(number, 4)
    }
    return NumberText.scientific(number, decimals: 3)
  }

  /// Two digits, for marks: `0.31`, `0.0031`, `3.1e-05`.
  package static func brief(_ number: Double) -> String {
    guard number != 0, abs(number) >= 1e-4, abs(number) < 1e5 else { return value(number) }
    let digits = max(0, 1 - Int(log10(abs(number)).rounded(.down)))
    return fixed(number, min(digits, 6))
  }

  /// `42 s`, `4:05`, `1:02:03`, `3 d 04:05`; `-` for an unknown time.
  package static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds < 1e9 else { return "-" }
    let whole = Int(max(0, seconds).rounded())
    let (days, hours, minutes) = (whole / 86400, whole / 3600 % 24, whole / 60 % 60)
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(minutes):\(padded(whole % 60))" }
    if days == 0 { return "\(hours):\(padded(minutes)):\(padded(whole % 60))" }
    return "\(days) d \(padded(hours)):\(padded(minutes))"
  }

  /// A rate with about three digits: `812`, `24.1`, `0.52`.
  package static func rate(_ perSecond: Double) -> String {
    if perSecond >= 100 { return grouped(Int(min(perSecond, 1e15).rounded())) }
    return fixed(perSecond, perSecond >= 10 ? 1 : 2)
  }

  /// `2026-11-24 08:48 UTC`.
  package static func date(_ seconds: Double) -> String {
    moment(seconds).map { "\($0.day) \($0.minute) UTC" } ?? "-"
  }

  /// `2026-11-24T08:48:09Z`, the form of ISO 8601.
  package static func instant(_ seconds: Double) -> String {
    moment(seconds).map { "\($0.day)T\($0.minute):\($0.second)Z" } ?? "-"
  }

  /// Seconds since 1970 as `2026-11-24`, `08:48` and `09`; nil for times that are not believed.
  private static func moment(
    _ seconds: Double
  ) -> (day: String, minute: String, second: String)? {
    guard abs(seconds) < 1e11 else { return nil }
    let (day, rest) = Int(seconds.rounded(.down)).quotientAndRemainder(dividingBy: 86400)
    var (days, inDay) = (day, rest)
    if inDay < 0 { (days, inDay) = (days - 1, inDay + 86400) }
    let date = civil(days: days)
    return (
      "\(date.year)-\(padded(date.month))-\(padded(date.day))",
      "\(padded(inDay / 3600)):\(padded(inDay / 60 % 60))", padded(inDay % 60)
    )
  }

  /// Returns the date of a number of days after 1970-01-01, in the Gregorian calendar (Hinnant,
  /// "chrono-compatible low-level date algorithms", civil_from_days).
  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  /// `812 bytes`, `640 kB`, `950 MB`, `2.61 GB`: decimal units.
  package static func bytes(_ count: Int) -> String {
    let size = Double(count)
    switch size {
    case ..<1e3: return "\(count) byte\(count == 1 ? "" : "s")"
    case ..<999.5e3: return "\(fixed(size / 1e3, 0)) kB"
    case ..<999.5e6: return "\(fixed(size / 1e6, 0)) MB"
    default: return "\(fixed(size / 1e9, 2)) GB"
    }
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
