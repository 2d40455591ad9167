/// The types of elements in a GGUF file.
///
/// *Source:* `ggml.h` and `ggml-common.h` of ggml.
enum GGUFType {
  /// The types whose elements are plain numbers, by their number in a file.
  private static let numbers: [Int: TensorElementType] = [
    0: .float32, 1: .float16, 24: .int8, 25: .int16, 26: .int32, 27: .int64, 28: .float64,
    30: .bfloat16,
  ]

  /// The quantised types: name, elements of a block, bytes of a block.
  private static let blocks: [Int: (name: String, elements: Int, bytes: Int)] = [
    2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
    29: ("IQ1_M", 256, 56), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
  ]

  /// Returns a type with the elements and the bytes of a block; nil for a number that is not known.
  static func type(_ number: Int) -> (type: TensorType, elements: Int, bytes: Int)? {
    if let type = numbers[number] { return (.number(type), 1, type.size) }
    return blocks[number].map { (.other($0.name), $0.elements, $0.bytes) }
  }
}
