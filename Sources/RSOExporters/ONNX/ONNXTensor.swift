import RSOTensorFiles

/// Converts ONNX's tensors. Their numbers are raw bytes, or lie in a field for their type.
enum ONNXTensor {
  private static let types: [(ONNX.Tensor.DataType, TensorElementType)] = [
    (.float, .float32), (.double, .float64), (.float16, .float16), (.bfloat16, .bfloat16),
    (.uint8, .uint8), (.int8, .int8), (.uint16, .uint16), (.int16, .int16), (.uint32, .uint32),
    (.int32, .int32), (.uint64, .uint64), (.int64, .int64), (.bool, .bool),
  ]

  static func holds(_ type: TensorElementType) -> Bool { types.contains { $0.1 == type } }

  static func message(_ tensor: NamedTensor) -> ONNX.Tensor {
    ONNX.Tensor(
      dims: tensor.shape.map(Int64.init),
      dataType: types.first { $0.1 == tensor.elementType }?.0.rawValue ?? 0,
      name: tensor.name, rawData: tensor.bytes)
  }

  /// *Throws:* `ONNXTensorError` with the problem.
  static func tensor(_ message: ONNX.Tensor) throws(ONNXTensorError) -> NamedTensor {
    guard !message.isExternal else {
      throw ONNXTensorError(problem: "its numbers are in another file")
    }
    guard let type = types.first(where: { $0.0.rawValue == message.dataType })?.1 else {
      throw ONNXTensorError(problem: "its type \(message.dataType) is not a number type")
    }
    guard message.dims.count <= 16 else {
      throw ONNXTensorError(problem: "it has \(message.dims.count) dimensions")
    }
    let bytes = message.rawData.isEmpty ? typedBytes(message, type)[...] : message.rawData
    let shape = message.dims.map { Int($0) }
    guard let count = elementCount(shape) else {
      throw ONNXTensorError(problem: "its shape is impossible")
    }
    guard count <= bytes.count, count * type.size == bytes.count else {
      throw ONNXTensorError(
        problem: "\(bytes.count) bytes for a shape of \(shape.map(String.init))")
    }
    return NamedTensor(
      name: message.name, elementType: type, shape: shape, bytes: bytes)
  }

  /// The numbers in the field for the type, little-endian in the type's own size.
  private static func typedBytes(
    _ message: ONNX.Tensor, _ type: TensorElementType
  ) -> [UInt8] {
    switch type {
    case .float32: littleEndianBytes(message.floatData.lazy.map(\.bitPattern))
    case .float64: littleEndianBytes(message.doubleData.lazy.map(\.bitPattern))
    case .int64: littleEndianBytes(message.int64Data)
    case .uint64, .uint32: littleEndianBytes(message.uint64Data).cut(to: type.size, of: 8)
    default: littleEndianBytes(message.int32Data).cut(to: type.size, of: 8)
    }
  }
}

struct ONNXTensorError: Error {
  var problem: String
}

extension [UInt8] {
  /// Keeps the lowest bytes of little-endian numbers.
  fileprivate func cut(to size: Int, of stored: Int) -> [UInt8] {
    size == stored
      ? self : stride(from: 0, to: count, by: stored).flatMap { self[$0..<($0 + size)] }
  }
}
