internal import Glibc
import RSOSystem

/// A trial of the calls that a run makes in its directory: a file is saved and replaced, and locked.
///
/// The file has a temporary name and is removed again. Signals that would end the process wait meanwhile. If the
/// process is killed all the same, `DurableFile.sweepTemporaries` knows the file by its name.
package struct DirectoryTrial: Sendable {
  /// The result of the attempt to lock a file.
  package enum Lock: Sendable, Hashable {
    /// A second lock of the file was refused, as it has to be.
    case exclusive
    /// A second lock of the file was granted: it would keep nobody out.
    case shared
    /// The file system has no locks. `code` is an `errno`.
    case unsupported(code: Int32)
    case failed(reason: String)
  }

  /// The bytes of the file.
  package static let size = 1 << 16

  /// Seconds for a save that makes a file, and one that replaces it.
  package var save: Result<Double, DurableFileError>
  /// The result for locks; nil if no file could be made.
  package var lock: Lock?
  /// The time of the new file minus the time of this machine, in seconds; nil if no file could be made.
  package var clockDifference: Double?
  /// The path of the file, if it could not be removed.
  package var leftover: String?

  package init(
    save: Result<Double, DurableFileError>, lock: Lock? = nil, clockDifference: Double? = nil,
    leftover: String? = nil
  ) {
    self.save = save
    self.lock = lock
    self.clockDifference = clockDifference
    self.leftover = leftover
  }

  /// Tries a directory.
  package init(
    of directory: String, calls: FileCalls = .system, locking: Locking = Locking(),
    clock: RunClock = .system
  ) {
    let path = Path.joined(directory, TemporaryName.random())
    let signals = Self.blockSignals()
    self.init(save: Self.save(path, calls, clock))
    if FileSystem.exists(path) {
      clockDifference = FileSystem.modificationTime(of: path).map { $0 - clock.date() }
      lock = Self.lock(path, in: directory, locking)
      do throws(SystemError) { try FileSystem.remove(path) } catch { leftover = path }
    }
    Self.restoreSignals(signals)
  }

  private static func save(
    _ path: String, _ calls: FileCalls, _ clock: RunClock
  ) -> Result<Double, DurableFileError> {
    let start = clock.elapsed()
    return Result { () throws(DurableFileError) in
      for byte: UInt8 in [0, 1] {
        try DurableFile.write([UInt8](repeating: byte, count: size), to: path, calls: calls)
      }
      return clock.elapsed() - start
    }
  }

  private static func lock(_ path: String, in directory: String, _ locking: Locking) -> Lock {
    do throws(RunError) {
      let lock = try RunLock(path: path, directory: directory, locking: locking)
      let isTaken = RunLock.isTaken(path, locking: locking)
      // The lock lives until here.
      return lock.isHeld && isTaken ? .exclusive : .shared
    } catch {
      if case .noLocks(_, let code) = error { return .unsupported(code: code) }
      return .failed(reason: "\(error)")
    }
  }

  private static func blockSignals() -> sigset_t {
    var (blocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&blocked)
    for signal in Interruption.signals { sigaddset(&blocked, signal) }
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    return before
  }

  private static func restoreSignals(_ signals: sigset_t) {
    var signals = signals
    pthread_sigmask(SIG_SETMASK, &signals, nil)
  }
}
