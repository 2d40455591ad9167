/// The parts of safetensors' header that reader and writer share.
enum SafetensorsHeader {
  private static let names: [(TensorElementType, String)] = [
    (.bool, "BOOL"), (.uint8, "U8"), (.int8, "I8"), (.uint16, "U16"), (.int16, "I16"),
    (.uint32, "U32"), (.int32, "I32"), (.uint64, "U64"), (.int64, "I64"), (.float16, "F16"),
    (.bfloat16, "BF16"), (.float32, "F32"), (.float64, "F64"), (.float8E4M3, "F8_E4M3"),
    (.float8E5M2, "F8_E5M2"), (.float8E8M0, "F8_E8M0"), (.float8E4M3FNUZ, "F8_E4M3FNUZ"),
    (.float8E5M2FNUZ, "F8_E5M2FNUZ"), (.complex64, "C64"),
  ]

  /// Bits of an element of the types that are stored without gaps and not decoded.
  private static let packed = ["F4": 4, "F6_E2M3": 6, "F6_E3M2": 6]

  /// Returns the name of a type; nil where the format has none.
  static func name(of type: TensorElementType) -> String? {
    names.first { $0.0 == type }?.1
  }

  /// Returns a type and the bits of its elements; nil bits for a type that is not known.
  static func type(named name: String) -> (TensorType, bits: Int?) {
    if let type = names.first(where: { $0.1 == name })?.0 { return (.number(type), 8 * type.size) }
    return (.other(name), packed[name])
  }

  /// Counts the keys of all objects in a valid JSON text: its colons outside of strings.
  static func countKeys(in text: ArraySlice<UInt8>) -> Int {
    var count = 0
    var isString = false
    var isEscaped = false
    for byte in text {
      if isEscaped {
        isEscaped = false
      } else if isString, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isString.toggle()
      } else if byte == UInt8(ascii: ":"), !isString {
        count += 1
      }
    }
    return count
  }
}
