/// Takes numbers and bytes from the front of a buffer. The result is nil if the buffer is too
/// short.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The bytes that were not taken.
  var remaining: ArraySlice<UInt8> { rest }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// Takes an unsigned number of at most 7 bytes, least significant first.
  mutating func takeInteger(_ count: Int) -> Int? {
    take(count)?.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Takes an unsigned number of 8 bytes, least significant first; nil also for one beyond `Int`.
  mutating func takeLongInteger() -> Int? {
    take(8).flatMap { bytes in
      Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
  }
}
