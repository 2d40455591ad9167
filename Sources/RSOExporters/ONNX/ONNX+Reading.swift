extension ONNX.Model {
  /// Reads the weights and the metadata of a model.
  ///
  /// - Parameter maximumTensors: The largest number of initialisers that are read.
  init(
    _ bytes: ArraySlice<UInt8>, maximumTensors: Int
  ) throws(ProtocolBufferReader.Malformed) {
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: irVersion = try value.number()
      case 7:
        // A message that occurs more than once is one message.
        var whole = graph ?? ONNX.Graph()
        try whole.read(try value.content(), maximumTensors: maximumTensors)
        graph = whole
      case 14: metadataProps.append(try ONNX.Entry(try value.content()))
      default: continue
      }
    }
  }
}

extension ONNX.Graph {
  fileprivate mutating func read(
    _ bytes: ArraySlice<UInt8>, maximumTensors: Int
  ) throws(ProtocolBufferReader.Malformed) {
    var reader = ProtocolBufferReader(bytes)
    // One more shows that there are too many.
    while initializer.count <= maximumTensors, let (field, value) = try reader.next() {
      if field == 5 { initializer.append(try ONNX.Tensor(try value.content())) }
    }
  }
}

extension ONNX.Entry {
  fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtocolBufferReader.Malformed) {
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: key = try value.text()
      case 2: self.value = try value.text()
      default: continue
      }
    }
  }
}

extension ONNX.Tensor {
  fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ProtocolBufferReader.Malformed) {
    var reader = ProtocolBufferReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: dims += try value.numbers().map(Int64.init(bitPattern:))
      case 2: dataType = try value.number()
      case 4: floatData += try value.floats()
      case 5: int32Data += try value.numbers()
      case 7: int64Data += try value.numbers()
      case 8: name = try value.text()
      case 9: rawData = try value.content()
      case 10: doubleData += try value.doubles()
      case 11: uint64Data += try value.numbers()
      case 14: isExternal = try value.number() != 0
      default: continue
      }
    }
  }
}
