import Glibc
import RSOSystem

/// A file of events that is being written. It ends with a whole record, unless the process is killed.
struct EventFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  private let calls: FileCalls
  private var length = 0

  /// Makes the file.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  init(path: String, calls: FileCalls) throws(CommandError) {
    self.path = path
    self.calls = calls
    do throws(SystemError) {
      descriptor = try FileSystem.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
    } catch {
      throw CommandError.cannotWrite(path, reason: error.reason)
    }
  }

  deinit { close(descriptor) }

  /// Appends whole records. After a failure none of them is in the file.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  mutating func append(_ records: [UInt8]) throws(CommandError) {
    var rest = records[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { calls.write(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = count == 0 ? ENOSPC : errno
        // Readers ignore everything after a part of a record.
        ftruncate(descriptor, off_t(length))
        throw CommandError.cannotWrite(path, reason: SystemError.text(of: code))
      }
      rest = rest.dropFirst(count)
    }
    length += records.count
  }
}
