import RSOSystem

/// The reasons why a table cannot be read.
package enum TableError: DatasetReaderError, Equatable {
  case file(FileReadError)
  case notText(path: String, TextDamage)
  /// A line or cell; `place` is `line 4, column 2 ('width')`.
  case cell(path: String, place: String, message: String)
  case longRecord(path: String, limit: Int)
  case empty(path: String)
  case noRows(path: String)
  case noFeatures(path: String, columns: Int)
  /// `there` describes the columns.
  case noSuchColumn(path: String, label: String, there: String)
  /// Several columns have the name of a label.
  case ambiguousLabel(path: String, label: String)
  /// The first line of a scikit-learn table says another number of rows.
  case wrongAnnouncement(path: String, announced: Int, found: Int)
  case tooLarge(path: String, limit: Int)
  case tooManyTexts(path: String, label: String, count: Int)
  /// A table of labels has another number of rows than the table of samples.
  case labelRows(path: String, rows: Int, training: String, samples: Int)
  /// A column is named twice in the value of `--label`.
  case repeatedLabel(path: String, label: String, column: String)
  /// Features of the training table that another table lacks; `there` describes its columns.
  case missingColumns(path: String, names: [String], there: String)
  /// Columns that the training table lacks.
  case otherColumns(path: String, names: [String])
  /// Several columns with the name of a feature.
  case repeatedColumn(path: String, name: String)
  /// A table without names, or for one without names, with another number of columns.
  case columnCount(path: String, columns: Int, features: Int, labels: Int, needsLabels: Bool)
  case separateLabels(path: String)
  case notForTables(path: String, option: String)
  case assembly(path: String, AssemblyError)

  package var cause: ReadFailureCause {
    if case .file(let error) = self { error.cause } else { .content }
  }

  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error):
      error.description
    case .notText(let path, let damage):
      "cannot read '\(path)' as a table: \(damage.message)"
    case .cell(let path, let place, let message):
      "cannot use '\(path)': \(place)\(message)"
    case .longRecord(let path, let limit):
      "cannot read '\(path)' as a table: a line has more than \(limit) bytes"
    case .empty(let path):
      "cannot use '\(path)': the file is empty"
    case .noRows(let path):
      "cannot use '\(path)': the table has no rows"
    case .noFeatures(let path, let columns):
      "cannot use '\(path)': the table has \(columns) column\(columns == 1 ? "" : "s"); "
        + "it needs a label and at least one other column, separated by ',', ';', tab or blanks"
    case .noSuchColumn(let path, let label, let there):
      "cannot use '\(path)': no column \(quoted(label)); it has \(there); "
        + "name one with --label, or give its number counted from 1"
    case .ambiguousLabel(let path, let label):
      "cannot use '\(path)': several columns are named \(quoted(label)); give the number of the label, counted from 1"
    case .wrongAnnouncement(let path, let announced, let found):
      "cannot use '\(path)': its first line announces \(announced) rows, but it has \(found)"
    case .tooLarge(let path, let limit):
      "cannot use '\(path)': it has more than \(limit) numbers"
    case .tooManyTexts(let path, let label, let count):
      "cannot use '\(path)': column \(quoted(label)) has more than \(count) different texts, too "
        + "many for classes; choose another label with --label"
    case .labelRows(let path, let rows, let training, let samples):
      "cannot use '\(path)': it has \(rows) row\(rows == 1 ? "" : "s") of labels, but '\(training)' has "
        + "\(samples) sample\(samples == 1 ? "" : "s")"
    case .separateLabels(let path):
      "cannot use test data with '\(path)', whose labels are in another file; put the labels into "
        + "the tables, or use --test 0.2"
    case .notForTables(let path, let option):
      "cannot use '\(path)': \(option) is for arrays; a table's inputs are all columns but the label, "
        + "which --label chooses"
    case .assembly(let path, let error):
      "cannot use '\(path)': \(error)"
    default: columnsMessage
    }
  }

  private var columnsMessage: String {
    switch self {
    case .repeatedLabel(let path, let label, let column):
      "cannot use '\(path)': --label \(quoted(label)) names column \(quoted(column)) twice; name it once"
    case .missingColumns(let path, let names, let there):
      "cannot use '\(path)': no \(Self.list(names)), which the training table has; it has \(there); "
        + "give the columns the names of the training table"
    case .otherColumns(let path, let names):
      "cannot use '\(path)': the training table has no \(Self.list(names)); remove "
        + (names.count == 1 ? "it" : "them")
    case .repeatedColumn(let path, let name):
      "cannot use '\(path)': several columns are named \(quoted(name)), so the training table does not "
        + "tell their order; give each a name of its own"
    case .columnCount(let path, let columns, let features, let labels, let needsLabels):
      "cannot use '\(path)': it has \(columns) column\(columns == 1 ? "" : "s"), expected \(features) "
        + "feature\(features == 1 ? "" : "s") as in the training data"
        + (labels == 0
          ? ""
          : needsLabels ? " and \(Self.labels(labels))" : ", or these and \(Self.labels(labels))")
    default: ""
    }
  }

  private static func labels(_ count: Int) -> String {
    count == 1 ? "the label" : "\(count) labels"
  }

  /// `column 'a'`, `columns 'a', 'b'`, with at most 20 names.
  private static func list(_ names: [String]) -> String {
    "column\(names.count == 1 ? "" : "s") "
      + names.prefix(20).map { quoted($0) }.joined(separator: ", ")
      + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }
}
