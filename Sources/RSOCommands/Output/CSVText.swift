/// Comma-separated values (RFC 4180, with plain newlines), for programs.
struct CSVText {
  private(set) var text: String

  init(_ header: [String]) {
    text = Self.line(header)
  }

  mutating func add(_ row: [String]) { text += Self.line(row) }

  private static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    field.contains { ",\"\n\r".contains($0) }
      ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}

/// A number as a program reads it; nothing for what is not known.
func csvNumber(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
