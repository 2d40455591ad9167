import RSOTensorFiles

/// An array in a file, described before its elements are read.
package struct FoundArray: Sendable, Hashable {
  package enum Element: Sendable, Hashable {
    case number(TensorElementType, isBigEndian: Bool)
    case text(TextForm)
  }

  /// The storage of a text.
  package enum TextForm: Sendable, Hashable {
    /// As many characters of 4 bytes, padded with zeros.
    case characters(count: Int, isBigEndian: Bool)
    /// As many bytes, padded with zeros.
    case bytes(count: Int)
    /// The number of bytes (4 bytes, little-endian), and the bytes.
    case counted
  }

  /// The name that the user gives it: its own in a file of several arrays.
  package var name: String
  /// The file and the name in it, from which its role is guessed.
  package var hint: String
  package var shape: [Int]
  package var element: Element
  /// True where the first dimension varies fastest.
  package var isColumnMajor = false
  /// The column with the class, in an array of targets that has further columns; nil if none is known.
  package var classColumn: Int?
  /// The type in messages: `uint8`.
  package var type: String
  /// The reason why its elements cannot be read; nil if they can.
  package var problem: String?

  package init(
    name: String, shape: [Int], element: Element, type: String, problem: String? = nil
  ) {
    self.name = name
    hint = name
    self.shape = shape
    self.element = element
    self.type = type
    self.problem = problem
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }

  /// The array in messages: `x_train (uint8, 60000 x 28 x 28)`.
  var description: String {
    let extents = shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ")
    return "\(name) (\(problem == nil || type != "unknown" ? type : "not read"), \(extents))"
  }
}
