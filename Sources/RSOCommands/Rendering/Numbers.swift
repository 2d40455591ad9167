import Foundation

/// How numbers are written for people: the same everywhere, whatever the locale.
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

  /// `97.42 %`.
  package static func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }

  package static func fixed(_ number: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", number)
  }

  /// `42 s`, `4:05`, `1:02:03`, `3 d 04:05`; `-` for what is not known.
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

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
