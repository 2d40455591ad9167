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
  /// True if the cells of the label columns are left out, whatever they are.
  var ignoresTargets = false

  /// The feature columns in the order in which they are taken; nil for the order of the table.
  var order: [Int]?

  /// `150,4,setosa,versicolor,virginica`: samples, features, and the names of the classes 0, 1, 2.
  struct Announcement: Sendable, Equatable {
    var rows: Int
    var classNames: [String]
  }

  /// The number of columns that are not labels.
  var features: Int { columns - targets.count }

  /// The name of each feature, in the order in which they are taken; nil without a header.
  var featureNames: [String]? {
    names.map { names in featureColumns.map { names[$0] } }
  }

  private var featureColumns: [Int] {
    order ?? (0..<columns).filter { !targets.contains($0) }
  }

  /// The place of each feature among the features of a row, in the order in which they are taken; nil for the
  /// order of the table.
  var places: [Int32]? {
    guard let order, order != order.sorted() else { return nil }
    let sorted = order.sorted()
    let ranks = Dictionary(
      uniqueKeysWithValues: sorted.enumerated().map { ($0.element, Int32($0.offset)) })
    return order.compactMap { ranks[$0] }
  }

  /// The value of `--label` for a column: its name, or its number counted from 1.
  func label(of column: Int) -> String {
    guard let names, column < names.count, !names[column].isEmpty,
      names.count(where: { $0 == names[column] }) == 1
    else { return "\(column + 1)" }
    return names[column]
  }
}
