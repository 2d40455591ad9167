import HDF5

/// The place and the form of a tensor's elements in a file.
package struct TensorStorage: Sendable, Hashable {
  package enum Place: Sendable, Hashable {
    /// A run of bytes in a file, from an offset on.
    case file(path: String, offset: Int)
    /// Bytes that were read with the description: small tensors, and tensors that no file holds.
    case memory(ArraySlice<UInt8>)
    /// A member of a zip archive, after `skipped` unpacked bytes.
    case member(ZIPMember, skipped: Int)
    /// Whole numbers in a file that take 1 to 10 bytes each; `width` bytes each where they are delivered.
    case varints(path: String, range: Range<Int>, width: Int)
    /// A dataset of an HDF5 file that only libhdf5 can read.
    ///
    /// - Parameter part: The bytes of the file that are the HDF5 file; nil for all.
    case array(HDF5Array, path: String, part: Range<Int>?)
  }

  /// The form of texts. A text is delivered as its number of bytes (4 bytes, little-endian) and its UTF-8.
  package enum TextForm: Sendable, Hashable {
    /// Delivered as stored.
    case counted
    /// As many characters of 4 bytes, padded with zeros.
    case characters(count: Int)
    /// As many bytes, padded with zeros.
    case bytes(count: Int)
  }

  package var place: Place
  /// The number of stored bytes, unpacked.
  package var size: Int
  package var isBigEndian = false
  /// The distance from one element to the next along each dimension, in elements; nil for row-major
  /// elements without gaps.
  package var strides: [Int]?
  package var text = TextForm.counted

  package init(_ place: Place, size: Int) {
    self.place = place
    self.size = size
  }

  package init(memory bytes: ArraySlice<UInt8>) {
    self.init(.memory(bytes), size: bytes.count)
  }

  /// The file and the range of bytes that are exactly what a `TensorReader` delivers; nil for other
  /// storage. Such bytes can be read from any place, by several threads at once.
  package var plainRange: (path: String, range: Range<Int>)? {
    guard case .file(let path, let offset) = place, !isBigEndian, strides == nil, text == .counted
    else { return nil }
    return (path, offset..<offset + size)
  }
}
