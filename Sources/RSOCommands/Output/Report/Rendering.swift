/// A rendering of a report.
package enum Rendering: Sendable {
  case table
  case csv
  case json
}

/// The alignment of a column's cells in a table.
package enum Alignment: Sendable {
  case left
  case right
}
