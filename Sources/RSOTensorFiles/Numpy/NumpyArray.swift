import RSOSystem

/// An array in a numpy file, described before its elements are read.
package struct NumpyArray: Sendable, Hashable {
  package enum Element: Sendable, Hashable {
    case number(TensorElementType)
    /// Text of numpy's type `U`: as many characters of four bytes, padded with zeros.
    case characters(count: Int)
    /// Text of numpy's type `S`: as many bytes, padded with zeros.
    case bytes(count: Int)

    /// Bytes of one element.
    package var size: Int {
      switch self {
      case .number(let type): type.size
      case .characters(let count): 4 * count
      case .bytes(let count): count
      }
    }
  }

  /// The name in an archive; empty for the array of an npy file.
  package var name: String
  /// The extents; empty for a scalar.
  package var shape: [Int]
  package var element: Element
  package var isBigEndian: Bool
  /// True where the first dimension varies fastest (Fortran order).
  package var isColumnMajor: Bool

  /// The number of bytes of all elements.
  package var byteCount: Int { (elementCount(shape) ?? 0) * element.size }
}

extension NumpyArray {
  /// The longest text of an element, in characters.
  static let longestText = 1 << 20

  /// *Throws:* `NPYError` for types that are not read, and unless the elements have `size` bytes.
  init(_ header: NPYHeader, name: String, size: Int) throws(NPYError) {
    let description = header.description
    if description.hasPrefix("[") {
      throw NPYError(problem: "it holds records, it is not an array of numbers")
    }
    if description.dropFirst().hasPrefix("O") {
      throw NPYError(problem: "it holds pickled objects, which are not read")
    }
    guard let order = description.first, "<>|=".contains(order),
      let element = Element(kind: description.dropFirst())
    else {
      throw NPYError(
        problem: "its type \(quoted(description)) is neither a number type nor a text type")
    }
    guard let count = elementCount(header.shape),
      !count.multipliedReportingOverflow(by: element.size).overflow,
      count * element.size == size
    else {
      throw NPYError(
        problem: "\(size) bytes for an array of shape \(header.shape) and type "
          + quoted(description))
    }
    self.init(
      name: name, shape: header.shape, element: element, isBigEndian: order == ">",
      isColumnMajor: header.isFortranOrder && header.shape.count > 1)
  }
}

extension NumpyArray.Element {
  /// - Parameter kind: Numpy's code without byte order: `f4`, `U12`.
  fileprivate init?(kind: Substring) {
    if let type = NPYArray.type(ofKind: kind) {
      self = .number(type)
      return
    }
    guard let count = Int(kind.dropFirst()), (1...NumpyArray.longestText).contains(count) else {
      return nil
    }
    switch kind.first {
    case "U": self = .characters(count: count)
    case "S": self = .bytes(count: count)
    default: return nil
    }
  }
}
