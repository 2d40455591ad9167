internal import CHDF5

/// The type of a dataset's or attribute's elements.
enum StoredType: Hashable, CustomStringConvertible {
  case number(HDF5ElementType)
  /// Strings of a fixed number of bytes, ASCII or UTF-8.
  case text(size: Int)
  /// Floating-point numbers of another size or byte order.
  case real(size: Int)
  /// Any other type, such as types of variable size.
  case other

  init(_ type: borrowing Handle, _ object: String) throws(HDF5Error) {
    let id = type.id
    for candidate in HDF5ElementType.allCases {
      let same = try HDF5Library.call("read the type of '\(object)'") {
        H5Tequal(id, candidate.stored)
      }
      if same > 0 {
        self = .number(candidate)
        return
      }
    }
    let kind = try HDF5Library.call("read the type of '\(object)'") { H5Tget_class(id).rawValue }
    guard [H5T_STRING, H5T_FLOAT].contains(H5T_class_t(kind)) else {
      self = .other
      return
    }
    let size = try HDF5Library.call("read the type of '\(object)'") {
      Int64(clamping: H5Tget_size(id))
    }
    guard H5T_class_t(kind) == H5T_STRING else {
      self = (1...64).contains(size) ? .real(size: Int(size)) : .other
      return
    }
    let variable = try HDF5Library.call("read the type of '\(object)'") { H5Tis_variable_str(id) }
    self = variable > 0 || size < 1 ? .other : .text(size: Int(size))
  }

  /// Bytes of one element; 0 for `other`.
  var size: Int {
    switch self {
    case .number(let type): type.size
    case .text(let size), .real(let size): size
    case .other: 0
    }
  }

  var description: String {
    switch self {
    case .number(let type): "holds \(type.rawValue)"
    case .text: "holds text"
    case .real(let size): "holds floating-point numbers of \(size) bytes in a non-standard form"
    case .other: "holds a type that is not read here"
    }
  }
}

/// Returns the text of a string of fixed length, without its padding.
func decodedText(_ bytes: [UInt8], _ object: String) throws(HDF5Error) -> String {
  let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
  guard bytes[end...].allSatisfy({ $0 == 0 }) else {
    throw .unsuitable(object: object, problem: "text after its end")
  }
  guard let text = String(validating: bytes[..<end], as: UTF8.self) else {
    throw .unsuitable(object: object, problem: "not UTF-8")
  }
  return text
}
