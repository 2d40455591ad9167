import RSOSystem

/// A path of arbitrary bytes as text, for an attribute of a checkpoint.
///
/// Bytes below 0x20, 0x7F, the backslash and bytes that are not part of valid UTF-8 become `\x` and two
/// lower case hexadecimal digits: `/data/f\xfcr` for a directory named in Latin-1. Everything else
/// stays unchanged. Every path has exactly one such text.
enum EscapedPath {
  static func encode(_ path: [UInt8]) -> String {
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = path.makeIterator()
    var index = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if isPlain(scalar) {
          text.unicodeScalars.append(scalar)
        } else {
          text += path[index..<index + encoded.count].map(escape).joined()
        }
        index += encoded.count
      case .error(let length):
        text += path[index..<index + length].map(escape).joined()
        index += length
      case .emptyInput:
        return text
      }
    }
  }

  /// Returns nil for a text that `encode` does not give.
  static func decode(_ text: String) -> [UInt8]? {
    var path: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        path.append(byte)
        continue
      }
      guard rest.count >= 3, rest.first == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      path.append(value)
      rest = rest.dropFirst(3)
    }
    return encode(path) == text ? path : nil
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0x7F && scalar != "\\"
  }

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + hexadecimal(CollectionOfOne(byte))
  }
}
