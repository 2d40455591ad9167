import Foundation

/// A file without a disk, for readers that want a path.
struct MemoryFile {
  static let shared = MemoryFile()

  let path: String
  private let descriptor: Int32

  init() {
    var template = Array("/dev/shm/rso-fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    precondition(descriptor >= 0)
    unlink(template)
    path = "/proc/self/fd/\(descriptor)"
  }

  func hold(_ bytes: [UInt8]) {
    precondition(ftruncate(descriptor, 0) == 0)
    precondition(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
  }
}
