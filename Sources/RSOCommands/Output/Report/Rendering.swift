/// A rendering of a report.
package enum Rendering: Sendable {
  case table
  /// A table, if a row has a value in the column.
  case tableIfKnown
  case csv
  case json
}

extension Set<Rendering> {
  /// CSV and JSON; and tables, if a row has a value.
  package static let ifKnown: Set<Rendering> = [.tableIfKnown, .csv, .json]
}

/// The alignment of a column's cells in a table.
package enum Alignment: Sendable {
  case left
  case right
}
