import RSOSystem

/// The reasons why a table cannot be read.
package enum TableError: DatasetReaderError, Equatable {
  case file(FileReadError)
  case notText(path: String, TextDamage)
  /// A line or cell; `place` is `line 4, column 2 ('width')`.
  case cell(path: String, place: String, message: String)
  case longRecord(path: String, limit: Int)
  case noRows(path: String)
  case noFeatures(path: String, columns: Int)
  /// `there` describes the columns.
  case noSuchColumn(path: String, label: String, there: String)
  /// The first line of a scikit-learn table says another number of rows.
  case wrongAnnouncement(path: String, announced: Int, found: Int)
  case tooLarge(path: String, limit: Int)
  case tooManyTexts(path: String, label: String, count: Int)
  case textLabels(path: String, label: String)
  /// Another table has other columns than the training table.
  case differentColumns(path: String, columns: Int, training: String, trainingColumns: Int)
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
    case .noRows(let path):
      "cannot use '\(path)': the table has no rows"
    case .noFeatures(let path, let columns):
      "cannot use '\(path)': the table has \(columns) column\(columns == 1 ? "" : "s"); "
        + "it needs a label and at least one other column, separated by ',', ';', tab or blanks"
    case .noSuchColumn(let path, let label, let there):
      "cannot use '\(path)': no column \(quoted(label)); it has \(there); "
        + "name one with --label, or give its number counted from 1"
    case .wrongAnnouncement(let path, let announced, let found):
      "cannot use '\(path)': its first line announces \(announced) rows, but it has \(found)"
    case .tooLarge(let path, let limit):
      "cannot use '\(path)': it has more than \(limit) numbers"
    case .tooManyTexts(let path, let label, let count):
      "cannot use '\(path)': column \(quoted(label)) has more than \(count) different texts, too "
        + "many for classes; choose another label with --label"
    case .textLabels(let path, let label):
      "cannot use '\(path)': of several labels each must be a number, but column \(quoted(label)) "
        + "has texts"
    case .differentColumns(let path, let columns, let training, let trainingColumns):
      "cannot use '\(path)' with '\(training)': \(columns) columns, but \(trainingColumns), or "
        + "other names"
    case .separateLabels(let path):
      "cannot use test data with '\(path)', whose labels are in another file; put the labels into "
        + "the tables, or use --test 0.2"
    case .notForTables(let path, let option):
      "cannot use '\(path)': \(option) is for arrays; a table's inputs are all columns but the label, "
        + "which --label chooses"
    case .assembly(let path, let error):
      "cannot use '\(path)': \(error)"
    }
  }
}
