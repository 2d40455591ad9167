internal import CZlib

extension Deflate {
  /// Returns bytes as a zlib stream (RFC 1950), compressed as far as zlib can; nil if the system has no
  /// memory for it.
  package static func zlibStream(_ bytes: [UInt8]) -> [UInt8]? {
    var size = compressBound(uLong(bytes.count))
    var isWhole = false
    let stream = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, filled in
      isWhole =
        compress2(buffer.baseAddress, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION) == Z_OK
      filled = isWhole ? Int(size) : 0
    }
    return isWhole ? stream : nil
  }
}
