import RSOSystem

/// A table of text, its columns as wide as they must be. What is added may be from a file: control
/// characters are escaped.
package struct Table: CustomStringConvertible {
  package enum Column {
    case left(String)
    case right(String)
  }

  private let columns: [Column]
  private let indent: Int
  private var rows: [[String]]

  package init(columns: [Column], indent: Int = 0) {
    self.columns = columns
    self.indent = indent
    rows = [
      columns.map {
        switch $0 {
        case .left(let title), .right(let title): title
        }
      }
    ]
  }

  package mutating func add(_ row: [String]) {
    precondition(row.count == columns.count)
    rows.append(row.map { printable($0) })
  }

  /// Joined lines; no newline at the end.
  package var description: String { lines.joined(separator: "\n") }

  /// The titles and the rows, without trailing spaces.
  package var lines: [String] {
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = String(repeating: " ", count: indent)
      for (index, text) in row.enumerated() {
        let fill = String(repeating: " ", count: widths[index] - text.count)
        if case .left = columns[index] { line += text + fill } else { line += fill + text }
        line += "  "
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
