/// Puts weight and colour on text, where a terminal shows them.
package struct Palette: Sendable {
  package let isColored: Bool

  /// `$NO_COLOR`, when not empty, counts against colours that were not asked for (no-color.org).
  package init(_ choice: ColorChoice, isTerminal: Bool, environment: [String: String]) {
    switch choice {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored =
        isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
  }

  package static let plain = Palette(.never, isTerminal: false, environment: [:])

  package func title(_ text: String) -> String { styled(text, "1") }
  package func warning(_ text: String) -> String { styled(text, "31") }

  /// A table with a heavy title line, and warnings where `isMarked` says so; rows are counted from 0.
  package func text(_ table: Table, isMarked: (_ row: Int) -> Bool = { _ in false }) -> String {
    table.lines.enumerated().map { index, line in
      index == 0 ? title(line) : isMarked(index - 1) ? warning(line) : line
    }.joined(separator: "\n")
  }

  private func styled(_ text: String, _ code: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
