/// Numbers of an option's text, with commas between them: `1,2.5,10`.
enum NumberList {
  /// Returns nil if `text` is no such list.
  static func numbers(in text: some StringProtocol) -> [Double]? {
    var numbers: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Double(part) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  static func text(of numbers: [Double]) -> String {
    numbers.map { "\($0)" }.joined(separator: ",")
  }
}
