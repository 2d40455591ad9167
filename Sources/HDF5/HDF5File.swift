internal import CHDF5
import Synchronization

/// An HDF5 file in memory, which is created empty or opened from bytes, and whose bytes `image()` returns; or
/// a new file on disk.
package struct HDF5File: ~Copyable {
  private let handle: Handle

  /// Creates an empty file.
  ///
  /// - Parameter userBlock: The number of bytes that will precede the HDF5 part: 0, or a power of two from
  ///   512.
  ///
  /// *Reproducibility:* the superblock is of version 0 and no times are recorded, so that the same
  /// calls give the same image, byte for byte. (libhdf5 1.10.8 gives images of files with a superblock of
  /// version 2 or 3 a wrong checksum, and they cannot be opened.)
  package init(userBlock: Int = 0) throws(HDF5Error) {
    let creation = try Self.creation()
    try HDF5Library.call("set the user block's size") {
      H5Pset_userblock(creation.id, hsize_t(userBlock))
    }
    let access = try Self.memoryAccess()
    let name = Self.uniqueName()
    handle = try Handle("create a file in memory") {
      H5Fcreate(name, chdf5_truncate(), creation.id, access.id)
    }
  }

  /// Opens a file's bytes, user block included. Changes stay in memory: see `image()`.
  ///
  /// *Throws:* `HDF5Error.failed` for bytes that are not an HDF5 file, or a damaged one.
  package init(bytes: [UInt8], writable: Bool = false) throws(HDF5Error) {
    let access = try Self.memoryAccess()
    try HDF5Library.call("take a file from memory") {
      // libhdf5 copies the bytes, though the parameter is not declared const.
      bytes.withUnsafeBytes { buffer in
        H5Pset_file_image(
          access.id, UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
      }
    }
    let name = Self.uniqueName()
    handle = try Handle("open a file in memory") {
      H5Fopen(name, writable ? chdf5_read_write() : chdf5_read_only(), access.id)
    }
  }

  /// Opens a file on disk for reading, without a copy of it.
  ///
  /// *Throws:* `HDF5Error.failed`.
  package init(_ file: HDF5MappedFile) throws(HDF5Error) {
    let image = UnsafeMutablePointer<chdf5_image>.allocate(capacity: 1)
    image.initialize(to: chdf5_image(start: file.start, size: file.size))
    let access = try Self.memoryAccess()
    try HDF5Library.call("take a file from memory") { chdf5_set_image(access.id, image) }
    let name = Self.uniqueName()
    handle = try Handle("open a file in memory") {
      H5Fopen(name, chdf5_read_only(), access.id)
    }
  }

  /// Creates a file on disk, or empties the one that is there. `finish()` completes it.
  ///
  /// *Throws:* `HDF5Error.failed`.
  package init(creating path: String) throws(HDF5Error) {
    let creation = try Self.creation()
    let access = try Handle("set file access") { H5Pcreate(chdf5_file_access()) }
    // The caller sees to it that no other program writes the file; some file systems have no locks.
    try HDF5Library.call("set locks") { H5Pset_file_locking(access.id, false, true) }
    handle = try Handle("create the file") {
      H5Fcreate(path, chdf5_truncate(), creation.id, access.id)
    }
  }

  private static func creation() throws(HDF5Error) -> Handle {
    let creation = try Handle("set file properties") { H5Pcreate(chdf5_file_creation()) }
    try HDF5Library.call("turn off times") { H5Pset_obj_track_times(creation.id, false) }
    return creation
  }

  private static let filesMade = Atomic<UInt64>(0)

  /// libhdf5 treats two files of one name as the same file, and tries to open a file on disk before it
  /// creates one in memory. So each file gets a name of its own that no file on disk can have.
  private static func uniqueName() -> String {
    "/dev/null/\(filesMade.add(1, ordering: .relaxed).newValue)"
  }

  private static func memoryAccess() throws(HDF5Error) -> Handle {
    let access = try Handle("set file access") { H5Pcreate(chdf5_file_access()) }
    try HDF5Library.call("keep a file in memory") { H5Pset_fapl_core(access.id, 1 << 16, false) }
    return access
  }

  package func root() throws(HDF5Error) -> HDF5Group {
    try HDF5Group(opening: "/", in: handle.id, path: "/")
  }

  /// Gives the system everything that libhdf5 still holds.
  package func finish() throws(HDF5Error) {
    try HDF5Library.call("finish a file") { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
  }

  /// Returns the file's bytes from the superblock on, without the user block.
  package func image() throws(HDF5Error) -> [UInt8] {
    try finish()
    let size = try HDF5Library.call("measure a file in memory") {
      H5Fget_file_image(handle.id, nil, 0)
    }
    var bytes = [UInt8](repeating: 0, count: size)
    try HDF5Library.call("take a file out of memory") {
      bytes.withUnsafeMutableBytes { H5Fget_file_image(handle.id, $0.baseAddress, $0.count) }
    }
    return bytes
  }
}
