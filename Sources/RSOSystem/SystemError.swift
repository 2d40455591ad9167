internal import Glibc

/// A system call that failed.
package struct SystemError: Error, Hashable, Sendable {
  /// The call that was tried, with its words in the message.
  package enum Operation: String, Sendable {
    case open, read, rename, remove, lock, run
    case write = "write to"
    case makeDirectory = "make directory"
  }

  package var operation: Operation
  package var path: String
  /// The `errno` of the failure.
  package var code: Int32

  package init(operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The system's words for the failure, in lower case.
  package var reason: String { Self.text(of: code) }

  /// Tells if the reason is that there is no file of this name.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// Tells if the reason is a missing permission.
  package var isDenied: Bool { code == EACCES || code == EPERM }

  /// Tells if there are no more processes, memory or open files: the call may succeed later.
  package var isShortage: Bool { [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code) }

  /// The system's words for an `errno`, in lower case: `no such file or directory`.
  package static func text(of code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
  }
}

extension SystemError: CustomStringConvertible {
  /// The path in it is printable.
  package var description: String { printable("cannot \(operation.rawValue) '\(path)': \(reason)") }
}

/// Repeats a system call while it fails with `EINTR`.
package func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
