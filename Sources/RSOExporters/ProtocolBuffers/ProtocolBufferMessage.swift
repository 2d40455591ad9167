/// A message that is written as a protocol buffer.
protocol ProtocolBufferMessage {
  func write(to writer: inout ProtocolBufferWriter)
}
