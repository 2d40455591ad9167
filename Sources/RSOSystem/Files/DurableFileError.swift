/// The reason why a file cannot be saved durably.
package enum DurableFileError: Error, Hashable, Sendable {
  /// A step of saving failed. The file that was there before is still there, unless the step is the
  /// last one, "fsync the directory of". `code` is the step's `errno`.
  case cannotSave(path: String, operation: String, code: Int32)
  /// The bytes that were read back are not the bytes that were written.
  case readBackDiffers(path: String)
  /// The search for left-over temporary files failed.
  case cannotSweep(directory: String, code: Int32)
}

extension DurableFileError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .cannotSave(let path, let operation, let code):
      "cannot save '\(path)': cannot \(operation) it: \(SystemError.text(of: code))"
    case .readBackDiffers(let path):
      """
      cannot save '\(path)': the bytes read back are not the bytes written; check the device
      """
    case .cannotSweep(let directory, let code):
      "cannot remove left-over files from '\(directory)': \(SystemError.text(of: code))"
    }
  }
}
