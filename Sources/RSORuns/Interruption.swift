import Foundation
internal import Glibc
import Synchronization

/// The signals that ask a run to stop: the first asks, the second ends the process at once. What
/// comes right after the first and is the same is no second one: timeout(1) signals the process that it
/// started, and then the group that it belongs to.
///
/// A handler may do almost nothing (signal-safety(7)). This one writes the signal's number into a
/// pipe; an ordinary thread reads it there and does the rest. Unlike a signal mask this does not
/// depend on which threads exist already, and unlike a dispatch source on no queue being free.
///
/// A class: the thread and the run share it.
package final class Interruption: Sendable {
  package static let signals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

  /// Seconds after which a run that does not stop is not waited for.
  private let grace: Double
  private let leave: @Sendable (_ status: Int32) -> Void
  /// How soon after the first a signal is its echo.
  private let echo: Duration
  private let first = Mutex<First?>(nil)
  private let rescue = Mutex<(@Sendable (_ signal: Int32) -> Void)?>(nil)

  /// What asked first.
  private struct First {
    var signal: Int32
    let instant: ContinuousClock.Instant
    /// Whether it was the end of a pipe.
    var isEnd: Bool
  }

  /// - Parameter leave: Ends the process without further ado.
  package init(
    grace: Double = 1, echo: Duration = .milliseconds(200),
    leave: @escaping @Sendable (_ status: Int32) -> Void = { _exit($0) }
  ) {
    self.grace = grace
    self.echo = echo
    self.leave = leave
  }

  /// The signal that asked to stop.
  package var signal: Int32? { first.withLock { $0?.signal } }

  /// Sets what is done when the run has not ended the process within the time of grace; without it
  /// the process just ends. Called on a thread of its own.
  package func whenUnanswered(_ rescue: @escaping @Sendable (_ signal: Int32) -> Void) {
    self.rescue.withLock { $0 = rescue }
  }

  /// Takes the signals from now on, but for those that the process was started to ignore (nohup(1),
  /// shell jobs in the background).
  package func watch() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw RunError.system(operation: "open", path: "pipe", code: errno)
    }
    let readEnd = ends[0]
    signalPipe.store(ends[1], ordering: .sequentiallyConsistent)
    Thread.detachNewThread { [self] in
      while let signal = Self.next(from: readEnd) { receive(signal) }
    }
    for signal in Self.signals { Self.install(signal) }
    Self.unblock()
  }

  /// Takes the end of what `descriptor` gives for a SIGTERM: the program at the other end of a pipe has
  /// closed it, or is no more, however it ended. Where that program has sent a signal before, its end is
  /// no second one.
  package func watchEnd(of descriptor: Int32) {
    Thread.detachNewThread { [self] in
      while Self.next(from: descriptor) != nil {}
      take(SIGTERM, isEnd: true)
    }
  }

  /// A process inherits what the thread that starts it has blocked, which is everything where that is
  /// a thread of a pool.
  private static func unblock() {
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in signals { sigaddset(&blocked, signal) }
    pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
  }

  /// What is done on a signal.
  package func receive(_ signal: Int32) { take(signal, isEnd: false) }

  private func take(_ signal: Int32, isEnd: Bool) {
    enum Place { case first, echo, second }
    let place: Place = first.withLock { first in
      guard let before = first else {
        first = First(signal: signal, instant: .now, isEnd: isEnd)
        return .first
      }
      let isSoon = before.instant.duration(to: .now) < echo
      if isEnd || (isSoon && signal == before.signal) { return .echo }
      guard isSoon, before.isEnd else { return .second }
      // Sent before the end of the pipe, which was noticed sooner.
      first?.signal = signal
      first?.isEnd = false
      return .echo
    }
    switch place {
    case .echo: return
    case .second: return leave(128 + signal)
    case .first: break
    }
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: grace)
      let signal = self.signal ?? signal
      let rescue = rescue.withLock { $0 }
      if let rescue { rescue(signal) } else { leave(128 + signal) }
    }
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

/// The end of the pipe that the handler writes to. Signal handlers are the process's, and so is this:
/// a handler takes no argument of ours. It is set, and with it initialised, before one is installed;
/// after that a handler only loads it, which is lock-free.
private let signalPipe = Atomic<Int32>(-1)
