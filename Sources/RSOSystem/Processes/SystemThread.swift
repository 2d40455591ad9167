internal import Glibc

/// A POSIX thread. Unlike Foundation's, it reports when the system makes none.
package struct SystemThread: Sendable {
  /// The reason why the system cannot start a thread.
  package struct Failure: Error, Hashable, Sendable {
    /// An `errno`, such as `EAGAIN` if a limit on processes is reached.
    package let code: Int32

    package init(code: Int32) { self.code = code }
  }

  /// The bytes that the stack of a thread has at least, even if the limit of the main thread's stack (`ulimit -s`),
  /// which is the system's default for all threads, is lower.
  package static let leastStack = 1 << 20

  /// Starts a thread that runs `body` and then ends. It cannot be joined.
  ///
  /// - Parameters:
  ///   - least: Bytes that the stack has at least.
  ///   - body: Runs in the new thread.
  ///
  /// *Throws:* `Failure` where the system cannot make a thread.
  package static func detach(
    stackSize least: Int = leastStack, _ body: @escaping @Sendable () -> Void
  ) throws(Failure) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var stackSize = 0
    pthread_attr_getstacksize(&attributes, &stackSize)
    pthread_attr_setstacksize(&attributes, max(stackSize, least))
    let work = Unmanaged.passRetained(Work(body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument {
          Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw Failure(code: code)
    }
  }

  /// The closure that a thread runs, as an object: pthread_create passes one pointer.
  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
