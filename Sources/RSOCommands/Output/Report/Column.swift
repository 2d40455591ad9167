/// One column of a report: described once, for tables, CSV and JSON.
package struct Column<Row> {
  /// The key in JSON and CSV, in snake_case. A dot separates an object from its member:
  /// `test_accuracy.mean` is nested in JSON, and `test_accuracy_mean` in CSV.
  package let key: String
  /// The heading in a table, without the unit.
  package let title: String
  /// A table shows the unit in parentheses after the title. A key contains its
  /// unit, such as `milliseconds_per_step`.
  package let unit: String?
  package let alignment: Alignment
  package let renderings: Set<Rendering>
  package let value: (Row) -> ReportValue
  /// The cell of a table.
  package let text: (Row) -> String

  /// A column of tables, CSV and JSON.
  ///
  /// - Parameters:
  ///   - style: How a table shows the value.
  ///   - value: Gives the value of a row.
  package init(
    _ key: String, _ title: String, unit: String? = nil, align alignment: Alignment = .right,
    as style: Numbers.Style = .plain, in renderings: Set<Rendering> = [.table, .csv, .json],
    _ value: @escaping (Row) -> some Reportable
  ) {
    self.init(key, title, unit: unit, align: alignment, in: renderings, value) {
      style.text(of: value($0).reportValue)
    }
  }

  /// A column whose cells in a table are not just its value: `4 of 60` instead of 4.
  package init(
    _ key: String, _ title: String, unit: String? = nil, align alignment: Alignment = .right,
    in renderings: Set<Rendering> = [.table, .csv, .json],
    _ value: @escaping (Row) -> some Reportable, text: @escaping (Row) -> String
  ) {
    self.key = key
    self.title = title
    self.unit = unit
    self.alignment = alignment
    self.renderings = renderings
    self.value = { value($0).reportValue }
    self.text = text
  }

  /// A column that tables do not show.
  package init(
    _ key: String, in renderings: Set<Rendering> = [.csv, .json],
    _ value: @escaping (Row) -> some Reportable
  ) {
    self.init(key, "", in: renderings, value) { _ in "" }
  }

  /// The heading in a table.
  var heading: String { unit.map { "\(title) (\($0))" } ?? title }

  /// Returns the same column for rows that contain such a row as a part.
  package func of<Other>(
    in renderings: Set<Rendering>? = nil, _ part: @escaping (Other) -> Row
  ) -> Column<Other> {
    Column<Other>(
      key, title, unit: unit, align: alignment, in: renderings ?? self.renderings,
      { value(part($0)) }, text: { text(part($0)) })
  }
}
