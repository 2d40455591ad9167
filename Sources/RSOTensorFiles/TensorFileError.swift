import RSOSystem

/// The reason why a file cannot be read as tensors, or tensors cannot be written. The caller adds
/// the file's name.
package struct TensorFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name of the format: `safetensors`, `npz`.
  package var format: String
  package var problem: String

  package init(format: String, problem: String) {
    self.format = format
    self.problem = problem
  }

  /// Names in it are printable.
  package var description: String { printable("not a good \(format) file: \(problem)") }
}
