import RSOSystem

/// Reads one array in numpy's format.
enum NPYReader {
  enum Content {
    case tensor(NamedTensor)
    case text(String)
  }

  /// Reads an array, or a scalar text.
  ///
  /// - Parameter bytes: The whole file.
  ///
  /// *Throws:* `NPYError`.
  static func decode(_ bytes: ArraySlice<UInt8>, name: String) throws(NPYError) -> Content {
    let (header, size) = try NPYHeader.read(bytes)
    return try decode(bytes.dropFirst(size), header, name: name)
  }

  private static func decode(
    _ data: ArraySlice<UInt8>, _ header: NPYHeader, name: String
  ) throws(NPYError) -> Content {
    let description = header.description
    if description.contains("O") {
      throw NPYError(problem: "it holds pickled objects, which are not read")
    }
    guard let count = elementCount(header.shape), count <= max(data.count, 1) else {
      throw NPYError(problem: "\(data.count) bytes for an array of shape \(header.shape)")
    }
    if let size = textSize(description) {
      return .text(try text(data, count: count, size: size, isBig: description.hasPrefix(">")))
    }
    guard let order = description.first, "<>|=".contains(order),
      let type = NPYArray.type(ofKind: description.dropFirst())
    else { throw NPYError(problem: "its type \(quoted(description)) is not a number type") }
    guard count * type.size == data.count else {
      throw NPYError(
        problem: "\(data.count) bytes for an array of shape \(header.shape) and type "
          + quoted(description))
    }
    var bytes = data
    if order == ">", type.size > 1 { bytes = swapped(bytes, size: type.size) }
    if header.isFortranOrder, header.shape.count > 1, count > 0 {
      bytes = rowMajor(bytes, shape: header.shape, size: type.size)
    }
    return .tensor(NamedTensor(name: name, elementType: type, shape: header.shape, bytes: bytes))
  }

  // MARK: Order

  private static func swapped(_ bytes: ArraySlice<UInt8>, size: Int) -> ArraySlice<UInt8> {
    var result = Array(bytes)
    for start in stride(from: 0, to: result.count, by: size) {
      result[start..<(start + size)].reverse()
    }
    return result[...]
  }

  /// Converts elements from column-major (Fortran) to row-major order.
  private static func rowMajor(
    _ bytes: ArraySlice<UInt8>, shape: [Int], size: Int
  ) -> ArraySlice<UInt8> {
    var strides: [Int] = []
    var stride = size
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = [Int](repeating: 0, count: shape.count)
    var place = bytes.startIndex
    while result.count < bytes.count {
      result += bytes[place..<(place + size)]
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result[...]
  }

  // MARK: Texts

  /// Returns the number of characters of numpy's type `U`, four bytes each; nil for another type.
  private static func textSize(_ description: String) -> Int? {
    guard "<>=|".contains(description.prefix(1)), description.dropFirst().hasPrefix("U") else {
      return nil
    }
    return Int(description.dropFirst(2))
  }

  private static func text(
    _ data: ArraySlice<UInt8>, count: Int, size: Int, isBig: Bool
  ) throws(NPYError) -> String {
    guard count == 1, size >= 0, data.count / 4 == size, data.count % 4 == 0 else {
      throw NPYError(problem: "it is not one text of the length that it states")
    }
    var reader = ByteReader(isBig ? swapped(data, size: 4) : data)
    var text = String.UnicodeScalarView()
    while let value = reader.takeInteger(4) {
      guard let scalar = Unicode.Scalar(UInt32(value)) else {
        throw NPYError(problem: "its text has an invalid character")
      }
      text.append(scalar)
    }
    // Numpy pads with NULs.
    while text.last == "\0" { text.removeLast() }
    return String(text)
  }
}
