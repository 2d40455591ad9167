/// The parts of numpy's format that reader and writer share (NEP 1).
enum NPYArray {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Numpy's code of each element type: a letter, and the size in bytes.
  private static let kinds: [(TensorElementType, String)] = [
    (.bool, "b1"), (.uint8, "u1"), (.int8, "i1"), (.uint16, "u2"), (.int16, "i2"),
    (.uint32, "u4"), (.int32, "i4"), (.uint64, "u8"), (.int64, "i8"), (.float16, "f2"),
    (.float32, "f4"), (.float64, "f8"),
    (.complex64, "c8"), (.complex128, "c16"),
  ]

  /// Returns numpy's code of a type, without its byte order; nil for types that numpy does not have, such as bfloat16.
  static func kind(of type: TensorElementType) -> String? {
    kinds.first { $0.0 == type }?.1
  }

  static func type(ofKind kind: some StringProtocol) -> TensorElementType? {
    kinds.first { $0.1 == kind }?.0
  }
}

/// The reason why an array cannot be read. The caller adds the array's name.
struct NPYError: Error {
  var problem: String
}
