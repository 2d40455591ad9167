import RSOSystem

/// The content of a file of named tensors.
package struct TensorFile: Sendable, Hashable {
  /// In the order of the file.
  package var tensors: [NamedTensor]
  /// Texts by name.
  package var metadata: [String: String]

  package init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package subscript(_ name: String) -> NamedTensor? { tensors.first { $0.name == name } }
}

/// The reason why bytes cannot be read as tensors, or tensors cannot be written. The caller adds
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

/// Returns the number of elements of a shape; nil where an extent is negative, or the number exceeds an
/// Int.
package func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflow else { return nil }
    count = product
  }
  return count
}
