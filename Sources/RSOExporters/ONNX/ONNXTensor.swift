import RSOTensorFiles

/// Converts tensors to ONNX's. Their numbers are raw bytes.
enum ONNXTensor {
  private static let types: [(ONNX.Tensor.DataType, TensorElementType)] = [
    (.float, .float32), (.double, .float64), (.float16, .float16), (.bfloat16, .bfloat16),
    (.uint8, .uint8), (.int8, .int8), (.uint16, .uint16), (.int16, .int16), (.uint32, .uint32),
    (.int32, .int32), (.uint64, .uint64), (.int64, .int64), (.bool, .bool),
    (.complex64, .complex64), (.complex128, .complex128), (.float8E4M3, .float8E4M3),
    (.float8E4M3FNUZ, .float8E4M3FNUZ), (.float8E5M2, .float8E5M2),
    (.float8E5M2FNUZ, .float8E5M2FNUZ), (.float8E8M0, .float8E8M0),
  ]

  static func holds(_ type: TensorElementType) -> Bool { types.contains { $0.1 == type } }

  static func message(_ tensor: NamedTensor) -> ONNX.Tensor {
    var message = description(
      name: tensor.name, .number(tensor.elementType), shape: tensor.shape)
    message.rawData = tensor.bytes
    return message
  }

  /// A tensor without its numbers. The format must hold its type.
  static func description(name: String, _ type: TensorType, shape: [Int]) -> ONNX.Tensor {
    let dataType = types.first { $0.1 == type.element }?.0 ?? .string
    return ONNX.Tensor(dims: shape.map(Int64.init), dataType: dataType.rawValue, name: name)
  }
}
