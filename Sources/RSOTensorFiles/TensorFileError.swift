import RSOSystem

/// The reason why a file cannot be read as tensors, or tensors cannot be written. The caller adds
/// the file's name.
package struct TensorFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name of the format: `safetensors`, `npz`. Empty for a file that is something else.
  package var format: String
  package var problem: String

  package init(format: String, problem: String) {
    self.format = format
    self.problem = problem
  }

  /// A file that is no file of tensors.
  ///
  /// - Parameter description: What it is and what to do.
  init(foreign description: String) { self.init(format: "", problem: description) }

  /// True for a file that is known to be something else.
  package var isForeign: Bool { format.isEmpty }

  /// Names in it are printable.
  package var description: String {
    printable(isForeign ? problem : "not a good \(format) file: \(problem)")
  }
}
