import RSOSystem

/// The reasons why a file in svmlight's text form cannot be read.
package enum SVMLightError: DatasetReaderError, Equatable {
  case file(FileReadError)
  case notText(path: String, TextDamage)
  /// A line that is not a sample; lines count from 1.
  case line(path: String, line: Int, message: String)
  case longLine(path: String, limit: Int)
  case noFeatures(path: String)
  /// The elements take more memory than there is. Both numbers are bytes.
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// A feature has the number 0, but those of the run's data begin with 1.
  case countsFromZero(path: String)
  case assembly(path: String, AssemblyError)

  package var cause: ReadFailureCause {
    if case .file(let error) = self { error.cause } else { .content }
  }

  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .notText(let path, let damage): "cannot read '\(path)' as samples: \(damage.message)"
    case .line(let path, let line, let message): "cannot use '\(path)': line \(line) \(message)"
    case .longLine(let path, let limit):
      "cannot read '\(path)': a line has more than \(limit) bytes"
    case .noFeatures(let path):
      "cannot use '\(path)': no sample has a feature; a line is 'LABEL NUMBER:VALUE ...'"
    case .tooLarge(let path, let bytes, let limit):
      "cannot use '\(path)': its samples take \(bytes) bytes with their zeros, more than the \(limit) of "
        + "this machine's memory; leave out features that few samples have"
    case .countsFromZero(let path):
      "cannot use '\(path)': a feature has the number 0, but those of the training data begin with 1; write "
        + "the file with numbers from 1"
    case .assembly(let path, let error): "cannot use '\(path)': \(error)"
    }
  }
}
