/// Bold and coloured text for terminals.
package struct Palette: Sendable {
  package let isColored: Bool

  /// `auto` means colours on a terminal, unless `$NO_COLOR` is set and not empty (no-color.org).
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

  /// Returns a table with a bold title line. Rows for which `isMarked` is true, counted from 0, have the
  /// colour of warnings.
  package func text(_ table: Table, isMarked: (_ row: Int) -> Bool = { _ in false }) -> String {
    table.lines.enumerated().map { index, line in
      index == 0 ? title(line) : isMarked(index - 1) ? warning(line) : line
    }.joined(separator: "\n")
  }

  private func styled(_ text: String, _ code: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
