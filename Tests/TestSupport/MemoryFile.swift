import Foundation

/// A file without a disk and without a directory, for readers that want a path.
package final class MemoryFile: Sendable {
  package let path: String
  private let descriptor: Int32

  package init(_ bytes: some Sequence<UInt8>) throws {
    var template = Array("/dev/shm/rso-test-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    unlink(template)
    path = "/proc/self/fd/\(descriptor)"
    let bytes = Array(bytes)
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  deinit { close(descriptor) }
}
