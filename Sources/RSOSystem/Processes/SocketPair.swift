internal import Glibc

/// Two connected sockets: one for this process, one for a child.
///
/// A read at one end returns end of file once the other end is closed. Unlike a pipe, writing to a closed
/// end does not have to raise a signal. The descriptors are closed on exec: a second child must not keep
/// the first one's input open after this process has died.
struct SocketPair {
  let ours: Int32
  let theirs: Int32

  init(_ program: String) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw SystemError(operation: .run, path: program, code: errno)
    }
    (ours, theirs) = (ends[0], ends[1])
  }

  func closeTheirs() { close(theirs) }

  func closeBoth() {
    close(ours)
    close(theirs)
  }
}
