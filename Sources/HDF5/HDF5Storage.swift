/// The storage of a dataset's elements in a file.
package enum HDF5Storage: Sendable, Hashable {
  /// One run of bytes in the file.
  case contiguous
  /// In the dataset's header; for less than 64 KB.
  case compact
  /// In chunks of the given shape, compressed by zlib where `deflate` (0 to 9) is not nil.
  case chunked(shape: [Int], deflate: Int?)
  /// In another file.
  case external(file: String)
}
