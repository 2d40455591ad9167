import Foundation
import RSORuns
import RSOSystem
import Synchronization
import TestSupport
import Testing

@Suite("DirectoryTrial")
struct DirectoryTrialTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("saves, replaces and locks a file, and leaves nothing")
  func works() throws {
    let trial = DirectoryTrial(of: directory.path)
    #expect(try trial.save.get() > 0)
    #expect(trial.lock == .exclusive && trial.leftover == nil)
    #expect(try abs(#require(trial.clockDifference)) < 10)
    #expect(try directory.names(in: ".") == [])
  }

  @Test("tells the step that failed, and leaves nothing", arguments: [ENOSPC, EIO, EROFS])
  func failures(code: Int32) throws {
    var calls = FileCalls.system
    calls.write = { _, _ in
      errno = code
      return -1
    }
    let trial = DirectoryTrial(of: directory.path, calls: calls)
    guard case .failure(.cannotSave(_, "write", let found)) = trial.save else {
      Issue.record("\(trial)")
      return
    }
    #expect(found == code && trial.lock == nil && trial.clockDifference == nil)
    #expect(try directory.names(in: ".") == [])
  }

  @Test("a file that cannot be replaced is a failure, and is removed")
  func noReplacement() throws {
    var calls = FileCalls.system
    let rename = calls.rename
    calls.rename = { directory, old, new in
      if faccessat(directory, new, F_OK, 0) == 0 {
        errno = EEXIST
        return -1
      }
      return rename(directory, old, new)
    }
    let trial = DirectoryTrial(of: directory.path, calls: calls)
    guard case .failure(.cannotSave(_, "rename", EEXIST)) = trial.save else {
      Issue.record("\(trial)")
      return
    }
    #expect(try directory.names(in: ".") == [])
  }

  @Test("tells a file system without locks from one whose locks keep nobody out")
  func locks() throws {
    let missing = DirectoryTrial(of: directory.path, locking: Locking { _ in ENOLCK })
    #expect(missing.lock == .unsupported(code: ENOLCK))
    let useless = DirectoryTrial(of: directory.path, locking: Locking { _ in 0 })
    #expect(useless.lock == .shared)
    let broken = DirectoryTrial(of: directory.path, locking: Locking { _ in EIO })
    guard case .failed(let reason) = broken.lock else {
      Issue.record("\(broken)")
      return
    }
    #expect(reason.contains("input/output error"))
    #expect(try directory.names(in: ".") == [])
  }

  @Test("compares the time of the file with the clock")
  func clock() throws {
    let late = RunClock(elapsed: RunClock.system.elapsed) { RunClock.system.date() + 3600 }
    let trial = DirectoryTrial(of: directory.path, clock: late)
    #expect(try abs(#require(trial.clockDifference) + 3600) < 10)
  }

  @Test("a signal that comes meanwhile waits until the file is gone")
  func signals() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let directory = try TemporaryDirectory()
      signal(SIGTERM) { _ in isSignalled.store(true, ordering: .sequentiallyConsistent) }
      // The task's thread may block all signals.
      var none = sigset_t()
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, nil)
      var calls = FileCalls.system
      let (write, rename) = (calls.write, calls.rename)
      calls.write = { descriptor, bytes in
        pthread_kill(pthread_self(), SIGTERM)
        return write(descriptor, bytes)
      }
      calls.rename = { directory, old, new in
        if isSignalled.load(ordering: .sequentiallyConsistent) { exit(2) }
        return rename(directory, old, new)
      }
      let trial = DirectoryTrial(of: directory.path, calls: calls)
      guard trial.lock == .exclusive, try directory.names(in: ".") == [] else { exit(3) }
      exit(isSignalled.load(ordering: .sequentiallyConsistent) ? 0 : 4)
    }
  }
}

/// Set by a signal handler.
private let isSignalled = Atomic<Bool>(false)
