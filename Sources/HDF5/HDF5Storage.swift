/// How a dataset's elements lie in a file.
package enum HDF5Storage: Sendable, Hashable {
  /// One run of bytes.
  case contiguous
  /// Within the dataset's header; for less than 64 KB.
  case compact
  /// In pieces of the given shape, compressed by zlib if `deflate` (0 to 9) is given.
  case chunked(shape: [Int], deflate: Int?)
  /// In another file.
  case external(file: String)
}
