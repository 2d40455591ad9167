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

/// Text from a file, quoted for a message: of bounded length and without control characters.
package func quoted(_ text: String) -> String {
  let limit = 80
  let part = String(text.unicodeScalars.prefix(limit))
  return "'" + printable(part) + (text.unicodeScalars.count > limit ? "..." : "") + "'"
}

/// Text from a file, made fit for a terminal: control characters are shown as question marks.
package func printable(_ text: String) -> String {
  func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  return String(text.unicodeScalars.map { isControl($0) ? "?" : Character($0) })
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
