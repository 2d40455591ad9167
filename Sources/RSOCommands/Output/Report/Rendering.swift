/// A rendering of a report.
package enum Rendering: Sendable {
  case table
  case csv
  case json
}

/// The side on which the cells of a column stand in a table.
package enum Alignment: Sendable {
  case left
  case right
}
