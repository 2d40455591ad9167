/// Lines at the end of a terminal's text that are drawn again in place.
package struct LiveBlock: Sendable {
  /// The lengths of the lines that are on the terminal.
  private var drawn: [Int] = []

  package init() {}

  /// Returns what replaces the drawn lines by these. A line that is too long for the terminal is cut.
  ///
  /// - Parameter width: The present width of the terminal, in characters.
  package mutating func drawing(_ lines: [String], width: Int) -> String {
    // A character in the last column would make some terminals begin a new line.
    let cut = lines.map { String($0.prefix(max(1, width - 1))) }
    let text = erasing(width: width) + cut.joined(separator: "\n")
    drawn = cut.map(\.count)
    return text
  }

  /// Returns what removes the drawn lines. The next text begins where they began.
  package mutating func erasing(width: Int) -> String {
    guard !drawn.isEmpty else { return "" }
    // Terminals that have become narrower break the lines.
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + max(1, width) - 1) / max(1, width)) }
    drawn = []
    return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\u{1B}[J"
  }
}
