internal import CRSOSystem
internal import Glibc

/// Paths and other texts of the operating system as Swift strings, exact in both directions.
///
/// A path is any bytes but NUL, and need not be UTF-8. Valid UTF-8 becomes the characters that it
/// encodes. Each byte 0x80 ... 0xFF that is not part of valid UTF-8 becomes the private-use scalar
/// U+F700 + byte. Real characters of that range (U+F780 ... U+F7FF) become three such scalars, one
/// for each of their bytes, so that no two paths have the same text.
///
/// Example: the bytes `66 FC 72` become the text `f`, U+F7FC, `r`; `printable` shows it as `f\xFCr`.
package enum PathText {
  private static let base: UInt32 = 0xF700
  private static let carriers: ClosedRange<UInt32> = 0xF780...0xF7FF

  /// Returns the text of a path's bytes.
  package static func text(of bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { carriers.contains($0.value) })
    {
      return text
    }
    var scalars = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput:
        return String(scalars)
      case .valid(let encoded):
        let scalar = UTF8.decode(encoded)
        let end = position + encoded.count
        if carriers.contains(scalar.value) {
          scalars.append(contentsOf: bytes[position..<end].compactMap(carrier))
        } else {
          scalars.append(scalar)
        }
        position = end
      case .error(let length):
        scalars.append(contentsOf: bytes[position..<(position + length)].compactMap(carrier))
        position += length
      }
    }
  }

  /// Returns the text of a C string.
  package static func text(of bytes: UnsafePointer<CChar>) -> String {
    text(
      of: UnsafeBufferPointer(start: bytes, count: strlen(bytes)).lazy
        .map(UInt8.init(bitPattern:)))
  }

  /// Returns the bytes of a path's text.
  package static func bytes(of text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let byte = byte(carriedBy: scalar) {
        bytes.append(byte)
      } else {
        bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return bytes
  }

  /// Returns the byte that a scalar stands for; nil for an ordinary scalar.
  package static func byte(carriedBy scalar: Unicode.Scalar) -> UInt8? {
    carriers.contains(scalar.value) ? UInt8(scalar.value - base) : nil
  }

  /// Returns the arguments of the process, the program's name first. `/proc` is not needed.
  package static func arguments() -> [String] {
    (0..<rso_argument_count()).compactMap { index in rso_argument(index).map { text(of: $0) } }
  }

  /// Returns the value of an environment variable that holds a path or a list of paths; nil where
  /// it is not set.
  package static func environment(_ name: String) -> String? { getenv(name).map { text(of: $0) } }

  private static func carrier(of byte: UInt8) -> Unicode.Scalar? {
    Unicode.Scalar(base + UInt32(byte))
  }
}

/// Calls `body` with the bytes of a path as a C string.
///
/// A text with a NUL names no file: `body` gets an empty path, for which every system call fails with
/// `ENOENT`.
package func withPath<Result, Failure: Error>(
  _ path: String, _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
) throws(Failure) -> Result {
  let bytes = PathText.bytes(of: path)
  let word = (bytes.contains(0) ? [] : bytes.map(CChar.init(bitPattern:))) + [0]
  return try body(word)
}
