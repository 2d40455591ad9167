/// Comma-separated values by RFC 4180, but with plain newlines.
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
