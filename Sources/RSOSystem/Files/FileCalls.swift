internal import Glibc

/// The system calls that put a file's bytes on a disk, as values: a test can make any of them fail.
/// As in C, a negative result is a failure, and `errno` has the reason.
package struct FileCalls: Sendable {
  package var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
  package var synchronize: @Sendable (_ descriptor: Int32) -> Int32
  package var read: @Sendable (_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int
  package var close: @Sendable (_ descriptor: Int32) -> Int32
  /// Bytes that may still be written beside a file or directory; nil where that is not known.
  package var room: @Sendable (_ descriptor: Int32) -> Int64?
  /// Renames a file within one directory.
  package var rename: @Sendable (_ directory: Int32, _ old: String, _ new: String) -> Int32

  package static let system = FileCalls(
    write: { Glibc.write($0, $1.baseAddress, $1.count) },
    synchronize: { fsync($0) },
    read: { Glibc.read($0, $1.baseAddress, $1.count) },
    close: { Glibc.close($0) },
    room: { FileSystem.availableBytes(at: $0) },
    rename: { directory, old, new in
      withPath(old) { old in withPath(new) { renameat(directory, old, directory, $0) } }
    })
}
