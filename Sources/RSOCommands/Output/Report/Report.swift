/// Rows with a list of columns. Table, CSV and JSON are its renderings, with one entry per row.
package struct Report<Row> {
  package let columns: [Column<Row>]
  package let rows: [Row]

  package init(_ rows: [Row], columns: [Column<Row>]) {
    self.columns = columns
    self.rows = rows
  }

  /// The columns that a table for people has.
  var shownColumns: [Column<Row>] {
    columns.filter { column in
      column.renderings.contains(.table)
        || column.renderings.contains(.tableIfKnown)
          && rows.contains { column.value($0) != .missing }
    }
  }

  /// For people. Columns that name a row are on the left.
  package func table(indent: Int = 0) -> Table {
    let shown = shownColumns
    var table = Table(
      columns: shown.map { $0.alignment == .left ? .left($0.heading) : .right($0.heading) },
      indent: indent)
    for row in rows { table.add(shown.map { $0.text(row) }) }
    return table
  }

  /// Comma-separated values: a line of keys, then a line for each row.
  package var csv: String {
    let shown = columns.filter { $0.renderings.contains(.csv) }
    var csv = CSVText(shown.map { $0.key.replacing(".", with: "_") })
    for row in rows { csv.add(shown.map { $0.value(row).field }) }
    return csv.text
  }

  /// A list with an object for each row.
  package var json: ReportValue { .list(rows.map { .object(members(of: $0)) }) }

  /// The members of a row's object.
  package func members(of row: Row) -> [String: ReportValue] {
    var members: [String: ReportValue] = [:]
    for column in columns where column.renderings.contains(.json) {
      Self.insert(
        column.value(row), at: column.key.split(separator: ".").map(String.init)[...],
        into: &members)
    }
    return members
  }

  /// Puts a value where a path of keys leads. A missing value makes no object around it.
  private static func insert(
    _ value: ReportValue, at path: ArraySlice<String>, into members: inout [String: ReportValue]
  ) {
    guard let key = path.first, value != .missing else { return }
    guard path.count > 1 else {
      members[key] = value
      return
    }
    var inner: [String: ReportValue] = [:]
    if case .object(let there) = members[key] { inner = there }
    insert(value, at: path.dropFirst(), into: &inner)
    members[key] = .object(inner)
  }
}
