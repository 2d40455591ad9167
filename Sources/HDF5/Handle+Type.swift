internal import CHDF5

/// Questions about a type.
extension Handle {
  func typeClass(_ path: String) throws(HDF5Error) -> H5T_class_t {
    H5T_class_t(try HDF5Library.call("read the type of '\(path)'") { H5Tget_class(id).rawValue })
  }

  /// Bytes of one element.
  func typeSize(_ path: String) throws(HDF5Error) -> Int {
    Int(
      try HDF5Library.call("read the type of '\(path)'") { Int64(clamping: H5Tget_size(id)) })
  }

  /// Tells if integers have a sign.
  func isSigned(_ path: String) throws(HDF5Error) -> Bool {
    try HDF5Library.call("read the type of '\(path)'") { Int64(H5Tget_sign(id).rawValue) } > 0
  }

  func isVariableText(_ path: String) throws(HDF5Error) -> Bool {
    try HDF5Library.call("read the type of '\(path)'") { H5Tis_variable_str(id) } > 0
  }

  /// Tells if texts of a fixed length end before their first NUL; otherwise only NULs at their end are no
  /// part of them.
  func isEndedByNUL(_ path: String) throws(HDF5Error) -> Bool {
    let padding = try HDF5Library.call("read the type of '\(path)'") { H5Tget_strpad(id).rawValue }
    return H5T_str_t(padding) == H5T_STR_NULLTERM
  }

  /// Tells if the type is h5py's for truth values: an enumeration of FALSE and TRUE in a byte.
  func isTruth(_ path: String) throws(HDF5Error) -> Bool {
    guard try typeClass(path) == H5T_ENUM, try typeSize(path) == 1, try memberCount(path) == 2
    else { return false }
    for (index, name) in ["FALSE", "TRUE"].enumerated() {
      guard try memberName(UInt32(index), path) == name else { return false }
      var value: UInt8 = 0
      try HDF5Library.call("read the type of '\(path)'") {
        H5Tget_member_value(id, UInt32(index), &value)
      }
      guard value == index else { return false }
    }
    return true
  }

  /// The element whose values are exactly those of a type of floating-point numbers, whatever their byte
  /// order; nil for any other form.
  func floatElement(_ path: String) throws(HDF5Error) -> HDF5Array.Element? {
    let size = try typeSize(path)
    let precision = try HDF5Library.call("read the type of '\(path)'") {
      Int64(clamping: H5Tget_precision(id))
    }
    guard [2, 4, 8].contains(size), precision == 8 * size else { return nil }
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    try HDF5Library.call("read the type of '\(path)'") {
      H5Tget_fields(id, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize)
    }
    let bias = try HDF5Library.call("read the type of '\(path)'") {
      Int64(clamping: H5Tget_ebias(id))
    }
    let norm = try HDF5Library.call("read the type of '\(path)'") { H5Tget_norm(id).rawValue }
    guard sign == 8 * size - 1, mantissa == 0, exponent == mantissaSize,
      H5T_norm_t(norm) == H5T_NORM_IMPLIED
    else { return nil }
    return switch (size, exponentSize, mantissaSize, bias) {
    case (2, 5, 10, 15): .float16
    case (2, 8, 7, 127): .bfloat16
    case (4, 8, 23, 127): .float32
    case (8, 11, 52, 1023): .float64
    default: nil
    }
  }

  /// The element of h5py's complex numbers: records of the floating-point numbers `r` and `i`; nil for any
  /// other type.
  func complexElement(_ path: String) throws(HDF5Error) -> HDF5Array.Element? {
    guard try typeClass(path) == H5T_COMPOUND, try memberCount(path) == 2,
      try memberName(0, path) == "r", try memberName(1, path) == "i"
    else { return nil }
    var parts: [HDF5Array.Element?] = []
    for index in 0..<UInt32(2) {
      let part = try Handle("read the type of '\(path)'") { H5Tget_member_type(id, index) }
      guard try part.typeClass(path) == H5T_FLOAT else { return nil }
      parts.append(try part.floatElement(path))
    }
    guard parts[0] == parts[1] else { return nil }
    return switch parts[0] {
    case .float16: .complex32
    case .float32: .complex64
    case .float64: .complex128
    default: nil
    }
  }

  private func memberCount(_ path: String) throws(HDF5Error) -> Int32 {
    try HDF5Library.call("read the type of '\(path)'") { H5Tget_nmembers(id) }
  }

  private func memberName(_ index: UInt32, _ path: String) throws(HDF5Error) -> String {
    var name = ""
    try HDF5Library.call("read the type of '\(path)'") {
      guard let text = H5Tget_member_name(id, index) else { return Int32(-1) }
      name = String(cString: text)
      H5free_memory(text)
      return 0
    }
    return name
  }
}

extension HDF5Array.Element {
  /// The type of elements in memory; for numbers.
  func memoryType(_ path: String) throws(HDF5Error) -> Handle {
    try Handle("choose a type for '\(path)'") {
      switch self {
      case .float16: chdf5_ieee_float16()
      case .bfloat16: chdf5_bfloat16()
      case .float32: H5Tcopy(chdf5_native_float32())
      case .float64: H5Tcopy(chdf5_native_float64())
      case .complex32: chdf5_complex(2)
      case .complex64: chdf5_complex(4)
      case .complex128: chdf5_complex(8)
      case .int8, .int16, .int32, .int64: H5Tcopy(chdf5_native_integer(size, 1))
      case .bool, .uint8, .uint16, .uint32, .uint64, .text:
        H5Tcopy(chdf5_native_integer(size, 0))
      }
    }
  }
}
