/// The parts of safetensors' header that reader and writer share.
enum SafetensorsHeader {
  private static let names: [(TensorElementType, String)] = [
    (.bool, "BOOL"), (.uint8, "U8"), (.int8, "I8"), (.uint16, "U16"), (.int16, "I16"),
    (.uint32, "U32"), (.int32, "I32"), (.uint64, "U64"), (.int64, "I64"), (.float16, "F16"),
    (.bfloat16, "BF16"), (.float32, "F32"), (.float64, "F64"),
  ]

  static func name(of type: TensorElementType) -> String {
    names.first { $0.0 == type }?.1 ?? ""
  }

  static func type(named name: String) -> TensorElementType? {
    names.first { $0.1 == name }?.0
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
