import RSOSystem

/// Reads the fields of protocol buffer messages in a file. Nothing is held but 64 KiB around the position: a
/// field that is a message or a list of bytes is its range in the file.
///
/// *Source:* https://protobuf.dev/programming-guides/encoding. Groups, which proto3 does not have, are an
/// error.
final class ProtocolBufferFile {
  /// A field as it is stored. What it means depends on the message.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  private static let bufferSize = 1 << 16
  private let file: InputFile
  private var buffer: [UInt8] = []
  /// The place of the buffer in the file.
  private var start = 0

  init(_ path: String) throws(ProtocolBufferError) {
    do throws(FileReadError) { file = try InputFile(path) } catch {
      throw ProtocolBufferError(problem: error.reason)
    }
  }

  var whole: Range<Int> { 0..<file.size }

  /// Takes the next field from a message; nil at its end.
  func next(
    _ message: inout Range<Int>
  ) throws(ProtocolBufferError) -> (field: Int, value: Value)? {
    guard !message.isEmpty else { return nil }
    let key = try varint(&message)
    guard (1..<(1 << 29)).contains(key >> 3) else { throw .malformed }
    let value: Value
    switch key & 7 {
    case 0: value = .varint(try varint(&message))
    case 1: value = .fixed64(try fixed(&message, size: 8))
    case 2:
      let count = try varint(&message)
      guard count <= UInt64(message.count) else { throw .malformed }
      let end = message.lowerBound + Int(count)
      value = .bytes(message.lowerBound..<end)
      message = end..<message.upperBound
    case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(&message, size: 4)))
    default: throw .malformed
    }
    return (Int(key >> 3), value)
  }

  /// Takes a number from a range.
  func varint(_ range: inout Range<Int>) throws(ProtocolBufferError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let byte = try byte(&range)
      // Of the tenth byte only one bit is left.
      guard shift < 63 || byte <= 1 else { throw .malformed }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .malformed
  }

  private func fixed(
    _ range: inout Range<Int>, size: Int
  ) throws(ProtocolBufferError) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<UInt64(size) { value |= UInt64(try byte(&range)) << (8 * place) }
    return value
  }

  private func byte(_ range: inout Range<Int>) throws(ProtocolBufferError) -> UInt8 {
    guard let position = range.first else { throw .malformed }
    if position < start || position >= start + buffer.count {
      buffer = try bytes(position..<min(file.size, position + Self.bufferSize))
      start = position
      guard !buffer.isEmpty else { throw .malformed }
    }
    range = position + 1..<range.upperBound
    return buffer[position - start]
  }

  /// Returns the bytes of a range.
  func bytes(_ range: Range<Int>) throws(ProtocolBufferError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try file.bytes(range.count, at: range.lowerBound)
    } catch { throw ProtocolBufferError(problem: error.reason) }
    guard bytes.count == range.count else {
      throw ProtocolBufferError(problem: "the file has become shorter")
    }
    return bytes
  }

  // MARK: Values

  /// The most bytes of a text of a message.
  private static let longestText = 1 << 26

  /// The field as a text.
  func text(_ value: Value) throws(ProtocolBufferError) -> String {
    guard case .bytes(let range) = value, range.count <= Self.longestText,
      let text = String(validating: try bytes(range), as: UTF8.self)
    else { throw .malformed }
    return text
  }

  /// The field as a number.
  func number(_ value: Value) throws(ProtocolBufferError) -> Int {
    guard case .varint(let bits) = value else { throw .malformed }
    return Int(Int64(bitPattern: bits))
  }

  /// The field as the content of a message.
  func content(_ value: Value) throws(ProtocolBufferError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw .malformed }
    return range
  }
}

/// The reason why a protocol buffer cannot be read.
struct ProtocolBufferError: Error {
  var problem: String

  static let malformed = ProtocolBufferError(problem: "not a protocol buffer of a model")
}
