extension TensorBoardValue: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(tag, to: 1)
    writer.write(tensor, to: 8)
    writer.write(metadata, to: 9)
  }

  private var tensor: Tensor {
    switch content {
    case .scalar(let value):
      Tensor(type: .float, shape: [], bytes: value.bitPattern.littleEndianBytes)
    case .histogram(let bins):
      Tensor(
        type: .double, shape: [bins.count, 3],
        bytes: bins.flatMap { [$0.lower, $0.upper, Double($0.count)] }
          .flatMap { $0.bitPattern.littleEndianBytes })
    case .image(let width, let height, let png):
      Tensor(
        type: .string, shape: [3], texts: [Array("\(width)".utf8), Array("\(height)".utf8), png])
    // The content is in the metadata.
    case .beginning, .end: Tensor(type: .float, shape: [0])
    }
  }

  private var metadata: Metadata {
    switch content {
    case .scalar: Metadata(plugin: "scalars", description: description, kind: .scalar)
    case .histogram: Metadata(plugin: "histograms", description: description, kind: .tensor)
    case .image: Metadata(plugin: "images", description: description, kind: .blobs)
    case .beginning, .end:
      Metadata(plugin: "hparams", content: session, description: description, kind: .tensor)
    }
  }

  /// `HParamsPluginData`.
  private var session: [UInt8] {
    var writer = ProtocolBufferWriter()
    switch content {
    case .beginning(let settings, let time):
      writer.write(SessionStart(settings: settings, time: time), to: 3)
    case .end(let time): writer.write(SessionEnd(time: time), to: 4)
    case .scalar, .histogram, .image: break
    }
    return writer.bytes
  }

  /// `TensorProto`.
  private struct Tensor: ProtocolBufferMessage {
    enum DataType: Int64 {
      case float = 1
      case double = 2
      case string = 7
    }

    var type: DataType
    var shape: [Int]
    /// The numbers, little-endian.
    var bytes: [UInt8] = []
    var texts: [[UInt8]] = []

    func write(to writer: inout ProtocolBufferWriter) {
      writer.write(type.rawValue, to: 1)
      writer.write(Shape(extents: shape), to: 2)
      writer.write(bytes, to: 4)
      for text in texts { writer.writeAlways(text, to: 8) }
    }
  }

  private struct Shape: ProtocolBufferMessage {
    var extents: [Int]

    func write(to writer: inout ProtocolBufferWriter) {
      writer.write(extents.map(Extent.init), to: 2)
    }
  }

  private struct Extent: ProtocolBufferMessage {
    var count: Int

    func write(to writer: inout ProtocolBufferWriter) { writer.write(Int64(count), to: 1) }
  }

  /// `SummaryMetadata`.
  private struct Metadata: ProtocolBufferMessage {
    enum Kind: Int64 {
      case scalar = 1
      case tensor = 2
      case blobs = 3
    }

    var plugin: String
    var content: [UInt8] = []
    var description: String
    var kind: Kind

    func write(to writer: inout ProtocolBufferWriter) {
      writer.write(Plugin(name: plugin, content: content), to: 1)
      writer.write(description, to: 3)
      writer.write(kind.rawValue, to: 4)
    }
  }

  private struct Plugin: ProtocolBufferMessage {
    var name: String
    var content: [UInt8]

    func write(to writer: inout ProtocolBufferWriter) {
      writer.write(name, to: 1)
      writer.write(content, to: 2)
    }
  }
}

// The messages of the plugin for settings: tensorboard/plugins/hparams/plugin_data.proto, and
// google/protobuf/struct.proto.

private struct SessionStart: ProtocolBufferMessage {
  var settings: [TensorBoardValue.Setting]
  var time: Double

  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(settings, to: 1)
    writer.write(time, to: 5)
  }
}

private struct SessionEnd: ProtocolBufferMessage {
  private static let success: Int64 = 1

  var time: Double

  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(Self.success, to: 1)
    writer.write(time, to: 2)
  }
}

/// An entry of a map.
extension TensorBoardValue.Setting: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    writer.write(name, to: 1)
    writer.write(value, to: 2)
  }
}

extension TensorBoardValue.Setting.Value: ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter) {
    switch self {
    case .number(let number): writer.writeAlways(number, to: 2)
    case .text(let text): writer.writeAlways(Array(text.utf8), to: 3)
    }
  }
}
