internal import Glibc

/// The bytes of a file on disk, mapped into memory until the process ends: for processes that read few
/// files.
package struct HDF5MappedFile {
  let start: UnsafeMutableRawPointer
  package let size: Int

  /// Maps the file behind a descriptor, which may be closed afterwards.
  ///
  /// *Throws:* `HDF5Error.failed`.
  package init(_ descriptor: Int32, size: Int) throws(HDF5Error) {
    guard size > 0, let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw .failed(operation: "map the file into memory", reason: "") }
    self.start = start
    self.size = size
  }
}
