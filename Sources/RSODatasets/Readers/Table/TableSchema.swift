/// The columns of a table.
struct TableSchema: Sendable, Equatable {
  var syntax: CellSyntax
  /// The number of columns.
  var columns: Int
  /// The names of the columns; nil without a header.
  var names: [String]?
  /// The line before the data that scikit-learn's tables begin with; nil without one.
  var announcement: Announcement?
  /// The bytes before the first record: a byte order mark and the header.
  var start = 0
  /// The lines in these bytes.
  var startLines = 0
  /// The label columns, counted from 0.
  var targets: [Int] = []

  /// `150,4,setosa,versicolor,virginica`: samples, features, and the names of the classes 0, 1, 2.
  struct Announcement: Sendable, Equatable {
    var rows: Int
    var classNames: [String]
  }

  /// The number of columns that are not labels.
  var features: Int { columns - targets.count }

  /// The value of `--label` for a column: its name, or its number counted from 1.
  func label(of column: Int) -> String {
    guard let names, column < names.count, !names[column].isEmpty,
      names.count(where: { $0 == names[column] }) == 1
    else { return "\(column + 1)" }
    return names[column]
  }
}

extension TableSchema {
  /// Names of the label column, in lower case, if the user names none.
  private static let labelNames = ["label", "class", "target", "y"]

  /// Finds the label columns.
  ///
  /// - Returns: Nil if there is no such column.
  func targets(_ labels: Table.Labels) -> [Int]? {
    switch labels {
    case .none: []
    case .all: Array(0..<columns)
    case .columns(nil): [knownLabel ?? columns - 1]
    case .columns(let given?): targets(given)
    case .columnsIfPresent(nil): knownLabel.map { [$0] } ?? []
    case .columnsIfPresent(let given?): targets(given) ?? []
    }
  }

  /// The column with one of the names of a label.
  private var knownLabel: Int? {
    Self.labelNames.lazy.compactMap { name in
      names?.firstIndex { $0.lowercased() == name }
    }.first
  }

  private func targets(_ given: String) -> [Int]? {
    if let column = column(given) { return [column] }
    let columns = given.split(separator: ",").map { column(String($0)) }
    let found = columns.compactMap { $0 }
    guard found.count == columns.count, Set(found).count == found.count, !found.isEmpty else {
      return nil
    }
    return found
  }

  private func column(_ given: String) -> Int? {
    let named = (names ?? []).indices.filter { names?[$0] == given }
    if named.count == 1 { return named[0] }
    guard let number = Int(given) else { return nil }
    let column = number < 0 ? columns + number : number - 1
    return (0..<columns).contains(column) ? column : nil
  }
}
