internal import Glibc
import RSOSystem
import Synchronization

/// The signals that ask a run to stop. The first one asks, the second one ends the process at once.
///
/// The same signal again within `echo` (0.2 s) counts as the first one: timeout(1) signals the
/// process that it started and then the process group.
///
/// A signal handler may call very few functions (signal-safety(7)). This one writes the signal's
/// number into a pipe. A thread reads the number and does the rest. A pipe works whichever threads
/// exist already, which a signal mask does not, and it needs no free dispatch queue.
///
/// It is a class because the threads and the run share it.
package final class Interruption: Sendable {
  /// Starts a thread; a test replaces it.
  package typealias ThreadStart =
    @Sendable (_ body: @escaping @Sendable () -> Void) throws(SystemThread.Failure) -> Void

  package static let signals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU]

  /// The threads that `watch` starts.
  package static let threadCount = 2

  /// The signal for the end of processor time (`ulimit -t`), which the system sends every second from then on. It
  /// also stands for the end of the time that a run may take.
  package static let timeIsUp = SIGXCPU

  /// Seconds that a run has for stopping by itself.
  private let grace: Double
  private let startThread: ThreadStart
  private let leave: @Sendable (_ status: Int32) -> Void
  /// Time after the first signal in which the same signal counts as the first one.
  private let echo: Duration
  private let first = Mutex<First?>(nil)
  private let rescue = Mutex<(@Sendable (_ signal: Int32) -> Void)?>(nil)
  /// The pipe that wakes the thread which waits for the grace period; nil until that thread exists.
  private let timer = Mutex<Int32?>(nil)

  /// A reason to stop a run.
  private enum Request {
    case signal, endOfPipe, endOfTime
  }

  /// The first request to stop.
  private struct First {
    var signal: Int32
    var instant = ContinuousClock.now
    var request: Request
  }

  /// - Parameters:
  ///   - grace: Seconds that the run has to stop by itself.
  ///   - leave: Ends the process at once.
  package init(
    grace: Double = 1, echo: Duration = .milliseconds(200),
    startThread: @escaping ThreadStart = { body throws(SystemThread.Failure) in
      try SystemThread.detach(body)
    },
    leave: @escaping @Sendable (_ status: Int32) -> Void = { _exit($0) }
  ) {
    self.grace = grace
    self.echo = echo
    self.startThread = startThread
    self.leave = leave
  }

  /// The signal that asked the run to stop; nil if none did.
  package var signal: Int32? { first.withLock { $0?.signal } }

  /// Sets the function that is called when the run has not ended the process within the grace period.
  /// Without it the process ends then. It is called on a separate thread.
  package func whenUnanswered(_ rescue: @escaping @Sendable (_ signal: Int32) -> Void) {
    self.rescue.withLock { $0 = rescue }
  }

  /// Handles the signals from now on, except those that the process was started to ignore (nohup(1),
  /// background jobs of a shell).
  ///
  /// All threads are started here, so that a signal needs none.
  ///
  /// *Throws:* `RunError.noThread`; `RunError.system`.
  package func watch() throws {
    let ends = try Self.pipe()
    do {
      try startTimer()
      try start { [self] in
        while let signal = Self.next(from: ends.read) { receive(signal) }
      }
    } catch {
      close(ends.read)
      close(ends.write)
      throw error
    }
    signalPipe.store(ends.write, ordering: .sequentiallyConsistent)
    for signal in Self.signals { Self.install(signal) }
    Self.unblock()
    Self.leaveTimeToSave()
  }

  /// Treats the end of the data from `descriptor` as a SIGTERM: the program at the other end of a
  /// pipe has closed it, or has ended. If that program has sent a signal before, the end does not
  /// count as a second signal.
  ///
  /// *Throws:* `RunError.noThread`.
  package func watchEnd(of descriptor: Int32) throws {
    try start { [self] in
      while Self.next(from: descriptor) != nil {}
      take(SIGTERM, as: .endOfPipe)
    }
  }

  /// Treats the end of a time as a signal, `timeIsUp`. It never counts as a second signal, and the next
  /// signal counts as the first one.
  ///
  /// - Parameter seconds: From now on; at least 0.
  ///
  /// *Throws:* `RunError.noThread`.
  package func watchTime(_ seconds: Double) throws {
    try start { [self] in
      Self.sleep(seconds)
      take(Self.timeIsUp, as: .endOfTime)
    }
  }

  /// Handles one signal. `timeIsUp` never counts as a second signal.
  package func receive(_ signal: Int32) {
    take(signal, as: signal == Self.timeIsUp ? .endOfTime : .signal)
  }

  private func take(_ signal: Int32, as request: Request) {
    enum Place { case first, echo, second }
    let place: Place = first.withLock { first in
      guard let before = first else {
        first = First(signal: signal, request: request)
        return .first
      }
      let isSoon = before.instant.duration(to: .now) < echo
      if request != .signal || (isSoon && signal == before.signal) { return .echo }
      switch before.request {
      case .signal: return .second
      // Soon after the end of a pipe: the signal was sent before it, but the end was noticed first.
      case .endOfPipe where !isSoon: return .second
      case .endOfPipe, .endOfTime:
        first = First(signal: signal, request: .signal)
        return .echo
      }
    }
    switch place {
    case .echo: return
    case .second: leave(128 + signal)
    case .first: beginGrace()
    }
  }

  // MARK: Grace period

  /// Without a thread for it there is no grace period: the run may still stop by itself, and a second
  /// signal ends the process. `watch` has started the thread or has thrown.
  private func beginGrace() {
    try? startTimer()
    guard let end = timer.withLock({ $0 }) else { return }
    var byte: UInt8 = 0
    while write(end, &byte, 1) < 0, errno == EINTR {}
  }

  /// Starts the thread that waits for the grace period to pass, unless it runs already.
  private func startTimer() throws {
    try timer.withLock { timer in
      guard timer == nil else { return }
      let ends = try Self.pipe()
      do {
        try start { [self] in
          guard Self.next(from: ends.read) != nil else { return }
          Self.sleep(grace)
          endGrace()
        }
      } catch {
        close(ends.read)
        close(ends.write)
        throw error
      }
      timer = ends.write
    }
  }

  private func endGrace() {
    let signal = self.signal ?? SIGTERM
    let rescue = rescue.withLock { $0 }
    if let rescue { rescue(signal) } else { leave(128 + signal) }
  }

  private static func sleep(_ seconds: Double) {
    var left = timespec(
      tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    while true {
      var rest = timespec()
      guard nanosleep(&left, &rest) != 0, errno == EINTR else { return }
      left = rest
    }
  }

  // MARK: System

  private func start(_ body: @escaping @Sendable () -> Void) throws(RunError) {
    do {
      try startThread(body)
    } catch {
      throw .noThread(purpose: "watching for signals", code: error.code)
    }
  }

  private static func pipe() throws(RunError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw .system(SystemError(operation: .open, path: "pipe", code: errno))
    }
    return (ends[0], ends[1])
  }

  /// A process inherits the signal mask of the thread that started it. A thread of a pool blocks all
  /// signals.
  private static func unblock() {
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in signals { sigaddset(&blocked, signal) }
    pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
  }

  /// Lowers the soft limit of processor time below the hard one: the system sends SIGXCPU at the soft limit, and kills
  /// the process at the hard one. `ulimit -t` sets both to the same.
  ///
  /// The time between them is 2 s on all processors, and at most half of the limit.
  private static func leaveTimeToSave() {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_CPU.rawValue)
    guard getrlimit(resource, &limit) == 0, limit.rlim_max < UInt64(Int.max) else { return }
    let reserve = min(rlim_t(2 * MachineProcessors.online), limit.rlim_max / 2)
    limit.rlim_cur = min(limit.rlim_cur, limit.rlim_max - reserve)
    setrlimit(resource, &limit)
  }

  private static func next(from descriptor: Int32) -> Int32? {
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { return Int32(byte) }
      if count == 0 || errno != EINTR { return nil }
    }
  }

  private static func install(_ signal: Int32) {
    var old = sigaction()
    guard sigaction(signal, nil, &old) == 0 else { return }
    let handler = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
    if handler == unsafeBitCast(SIG_IGN, to: Int.self) { return }
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { signal in
      let code = errno
      var byte = UInt8(truncatingIfNeeded: signal)
      _ = write(signalPipe.load(ordering: .relaxed), &byte, 1)
      errno = code
    }
    sigaction(signal, &action, nil)
  }
}

/// The end of the pipe that the signal handler writes to.
///
/// It is global because signal handlers belong to the process and take no argument of ours. It is set
/// before a handler is installed; after that a handler only loads it, which is lock-free.
private let signalPipe = Atomic<Int32>(-1)
