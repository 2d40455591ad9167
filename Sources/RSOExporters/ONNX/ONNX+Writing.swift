extension ONNX.Model: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(irVersion, to: 1)
    writer.write(producerName, to: 2)
    if let graph { writer.write(graph, to: 7) }
    writer.write(opsetImport, to: 8)
    writer.write(metadataProps, to: 14)
  }
}

extension ONNX.OperatorSet: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(version, to: 2)
  }
}

extension ONNX.Entry: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(key, to: 1)
    writer.write(value, to: 2)
  }
}

extension ONNX.Graph: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(node, to: 1)
    writer.write(name, to: 2)
    writer.write(initializer, to: 5)
    writer.write(input, to: 11)
    writer.write(output, to: 12)
  }
}

extension ONNX.Node: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(input, to: 1)
    writer.write(output, to: 2)
    writer.write(name, to: 3)
    writer.write(opType, to: 4)
    writer.write(attribute, to: 5)
  }
}

extension ONNX.Attribute: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(name, to: 1)
    let type: Int64
    switch value {
    case .float(let value):
      writer.write(value, to: 2)
      type = 1
    case .int(let value):
      writer.write(value, to: 3)
      type = 2
    case .ints(let values):
      writer.write(values, to: 8)
      type = 7
    case .text(let text):
      writer.write(text, to: 4)
      type = 3
    }
    writer.write(type, to: 20)
  }
}

extension ONNX.Tensor: ProtocolBufferMessage {
  /// Writes the numbers as raw bytes.
  func write(to writer: inout ProtocolBufferWriter) {
    writeDescription(to: &writer)
    writer.write(Array(rawData), to: 9)
  }

  func writeDescription(to writer: inout ProtocolBufferWriter) {
    writer.write(dims, to: 1)
    writer.write(dataType, to: 2)
    writer.write(stringData, to: 6)
    writer.write(name, to: 8)
  }
}

extension ONNX.ValueInfo: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(name, to: 1)
    writer.write(TensorType(elementType: elementType, shape: shape), to: 2)
  }

  /// `TypeProto` with its only field here, a tensor type.
  private struct TensorType: ProtocolBufferMessage {
    var elementType: ONNX.Tensor.DataType
    var shape: [ONNX.ValueInfo.Dimension]

    func write(to writer: inout ProtocolBufferWriter) {
      writer.write(Content(elementType: elementType, shape: shape), to: 1)
    }

    private struct Content: ProtocolBufferMessage {
      var elementType: ONNX.Tensor.DataType
      var shape: [ONNX.ValueInfo.Dimension]

      func write(to writer: inout ProtocolBufferWriter) {
        writer.write(elementType.rawValue, to: 1)
        writer.write(Shape(dimensions: shape), to: 2)
      }
    }

    private struct Shape: ProtocolBufferMessage {
      var dimensions: [ONNX.ValueInfo.Dimension]

      func write(to writer: inout ProtocolBufferWriter) { writer.write(dimensions, to: 1) }
    }
  }
}

extension ONNX.ValueInfo.Dimension: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    switch self {
    case .number(let value): writer.writeAlways(value, to: 1)
    case .name(let name): writer.write(name, to: 2)
    }
  }
}
