/// What a file of named tensors holds.
package struct TensorFile: Sendable, Hashable {
  /// In the order of the file.
  package var tensors: [NamedTensor]
  /// Texts that go with them.
  package var metadata: [String: String]

  package init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package subscript(_ name: String) -> NamedTensor? { tensors.first { $0.name == name } }
}

/// What is wrong with the content of a file of tensors; whoever opened it knows its name.
package struct TensorFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// `safetensors`, `npz` ...
  package var format: String
  package var problem: String

  package init(format: String, problem: String) {
    self.format = format
    self.problem = problem
  }

  package var description: String { "not a good \(format) file: \(problem)" }
}

/// The number of elements of a shape; nil if it is negative, or more than an Int can count.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflow else { return nil }
    count = product
  }
  return count
}
