internal import Glibc

/// Comparisons of bytes.
enum RawBytes {
  /// Tells if two buffers of the same size have the same bytes.
  static func areEqual(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
    guard let one = first.baseAddress, let other = second.baseAddress, !first.isEmpty else {
      return first.count == second.count
    }
    return first.count == second.count && memcmp(one, other, first.count) == 0
  }
}
