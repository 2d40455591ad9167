internal import Glibc

/// The bytes of a file on disk, mapped into memory until the process ends: for processes that read few
/// files.
package struct HDF5MappedFile {
  let start: UnsafeMutableRawPointer
  package let size: Int

  /// Maps the file behind a descriptor, which may be closed afterwards.
  ///
  /// - Parameter offset: The first byte that is used, 0 or more.
  ///
  /// *Throws:* `HDF5Error.failed`.
  package init(_ descriptor: Int32, size: Int, offset: Int = 0) throws(HDF5Error) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let before = offset % page
    guard size > 0,
      let start = mmap(
        nil, before + size, PROT_READ, MAP_PRIVATE, descriptor, off_t(offset - before)),
      start != MAP_FAILED
    else { throw .failed(operation: "map the file into memory", reason: "") }
    self.start = start + before
    self.size = size
  }
}
