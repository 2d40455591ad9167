import Foundation
import RSOCheckpoints
import RSORuns
import RSOSystem
import TestSupport
import Testing

@Suite("RunDirectory")
struct RunDirectoryTests {
  let temporary: TemporaryDirectory

  init() throws { temporary = try TemporaryDirectory() }

  /// A directory that holds a checkpoint.
  private func makeRun(_ name: String) throws -> RunPaths {
    let directory = try RunDirectory.create(at: temporary(name))
    var store = CheckpointStore(paths: directory.paths)
    try store.save(SmallRun.checkpoint())
    return directory.paths
  }

  @Test("a new run's directory is made, with those above it")
  func create() throws {
    let directory = try RunDirectory.create(at: temporary("a/b/run"))
    #expect(directory.paths.directory == temporary("a/b/run"))
    let lines = try text(directory.paths.lock).split(separator: "\n")
    #expect(lines.prefix(2) == ["pid \(getpid())", "host \(RunEnvironment.hostName())"])
    #expect(lines.count == 3 && lines[2].wholeMatch(of: /since \d{4}-\d\d-\d\dT[0-9:]{8}Z/) != nil)
  }

  @Test("a directory that holds anything is refused for a new run, with the way out")
  func existing() throws {
    let paths = try makeRun("run")
    #expect {
      _ = try RunDirectory.create(at: paths.directory)
    } throws: { error in
      "\(error)" == "'\(paths.directory)' is a run already: continue it with 'rso resume', "
        + "or name another one with -o"
    }
    try FileManager.default.createDirectory(
      atPath: temporary("other/inside"), withIntermediateDirectories: true)
    #expect {
      _ = try RunDirectory.create(at: temporary("other"))
    } throws: { error in
      "\(error)" == "'\(temporary("other"))' exists and is no run: name another directory with -o"
    }
    try Data().write(to: URL(fileURLWithPath: temporary("file")))
    #expect(throws: RunError.directoryExists(path: temporary("file"), isRun: false)) {
      _ = try RunDirectory.create(at: temporary("file"))
    }
  }

  @Test("an empty directory may become a run's")
  func empty() throws {
    try FileManager.default.createDirectory(
      atPath: temporary("run"), withIntermediateDirectories: false)
    let directory = try RunDirectory.create(at: temporary("run"))
    #expect(exists(directory.paths.lock))
  }

  @Test("the directory of a run that never began may become another's, one at a time")
  func neverBegan() throws {
    let first = try RunDirectory.create(at: temporary("run"))
    #expect(throws: RunError.inUse(path: first.paths.directory, holder: holder(first.paths))) {
      _ = try RunDirectory.create(at: temporary("run"))
    }
    try FileManager.default.createDirectory(
      atPath: temporary("left"), withIntermediateDirectories: false)
    try Data().write(to: URL(fileURLWithPath: temporary("left/lock")))
    try Data().write(to: URL(fileURLWithPath: temporary("left/.rso-0123456789abcdef.tmp")))
    let second = try RunDirectory.create(at: temporary("left"))
    #expect(second.paths.directory == temporary("left"))
    #expect(try temporary.names(in: "left") == ["lock"])
  }

  private func holder(_ paths: RunPaths) -> LockHolder? {
    (try? text(paths.lock)).flatMap(LockHolder.init)
  }

  @Test("a process that was killed names nobody, and keeps nobody out")
  func killedHolder() throws {
    let paths = try makeRun("run")
    let host = RunEnvironment.hostName()
    // No process has the largest number that there can be.
    try Data("pid 4194304\nhost \(host)\nsince 2026-01-01T00:00:00Z\n".utf8)
      .write(to: URL(fileURLWithPath: paths.lock))
    let opened = try RunDirectory.open(at: paths.directory)
    #expect(holder(opened.paths)?.process == getpid())
  }

  @Test("a lock that is let go while somebody waits is taken, and no wait is without end")
  func waiting() throws {
    let paths = try makeRun("run")
    // A lock that nobody has put a name to yet.
    let held = open(paths.lock, O_RDWR | O_CLOEXEC)
    // A process that another test starts holds copies of all descriptors until it is what it will be.
    for _ in 0..<500 where flock(held, LOCK_EX | LOCK_NB) != 0 { usleep(10_000) }
    #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
    Thread.detachNewThread {
      usleep(200_000)
      close(held)
    }
    let opened = try RunDirectory.open(at: paths.directory)
    #expect(opened.paths == paths)
    let began = Date()
    #expect(throws: RunError.inUse(path: paths.directory, holder: holder(paths))) {
      _ = try RunDirectory.open(at: paths.directory)
    }
    #expect(Date().timeIntervalSince(began) < 0.9, "a holder with a name is told at once")
  }

  @Test(
    "a lock file that says anything else names nobody",
    arguments: [
      "", "4711\n", "pid 1\n", "pid x\nhost a\nsince b\n", "pid 1\nhost a\nsince b",
      "pid 1\nhost a\nsince \u{1B}[2J\n", "pid 1\nsince b\nhost a\n",
    ])
  func unreadableHolder(text: String) {
    #expect(LockHolder(text) == nil)
  }

  @Test("what is no run is not taken up")
  func notARun() throws {
    #expect(
      throws: RunError.system(SystemError(operation: .open, path: temporary("none"), code: ENOENT))
    ) {
      _ = try RunDirectory.open(at: temporary("none"))
    }
    try Data().write(to: URL(fileURLWithPath: temporary("file")))
    #expect(throws: RunError.notDirectory(path: temporary("file"))) {
      _ = try RunDirectory.open(at: temporary("file"))
    }
    #expect(throws: RunError.noRun(path: temporary.path)) {
      _ = try RunDirectory.open(at: temporary.path)
    }
    #expect(try temporary.names(in: "") == ["file"])
  }

  @Test("a second writer is refused by name as long as the first is there")
  func lock() throws {
    let paths = try makeRun("run")
    do {
      let first = try RunDirectory.open(at: paths.directory)
      let holder = try #require(self.holder(paths))
      #expect(holder.process == getpid())
      #expect(throws: RunError.inUse(path: paths.directory, holder: holder)) {
        _ = try RunDirectory.open(at: paths.directory)
      }
      #expect(
        "\(RunError.inUse(path: "x", holder: holder))" == "directory 'x' is in use by process "
          + "\(getpid()) on \(holder.host) since \(holder.since): wait for it, or stop it first")
      #expect(first.paths == paths)
      let before = try text(paths.lock)
      #expect(RunDirectory.isInUse(at: paths.directory))
      #expect(try text(paths.lock) == before, "the question wrote to the lock")
    }
    #expect(!RunDirectory.isInUse(at: temporary("none")) && !exists(temporary("none/lock")))
    #expect(try text(paths.lock).isEmpty)
    // A child of another test holds what this process has open until it has started its program.
    for _ in 0..<200 where RunDirectory.isInUse(at: paths.directory) { usleep(10_000) }
    #expect(!RunDirectory.isInUse(at: paths.directory))
    let second = try RunDirectory.open(at: paths.directory)
    #expect(second.paths == paths)
  }

  @Test(
    "a file system without locks is named as that, with ways on",
    arguments: [ENOLCK, EOPNOTSUPP, EINVAL, ENOSYS])
  func noLocks(code: Int32) throws {
    let error = RunError.noLocks(path: temporary("run/lock"), code: code)
    #expect(throws: error) {
      _ = try RunDirectory.create(at: temporary("run"), locking: Locking { _ in code })
    }
    #expect(
      "\(error)" == "cannot lock '\(temporary("run/lock"))': its file system does not support "
        + "locks (\(String(cString: strerror(code)).lowercased())); use a directory on another file system, or "
        + "give --no-lock if no other process writes to this one")
    // With --no-lock it goes on, and names itself as the holder.
    do {
      let directory = try RunDirectory.create(
        at: temporary("run"), locking: Locking(isOptional: true) { _ in code })
      let isLocked = directory.isLocked
      #expect(!isLocked && holder(directory.paths)?.process == getpid())
    }
    // A holder that runs on this host keeps others out even so.
    let holder = LockHolder(
      process: getppid(), host: RunEnvironment.hostName(), since: "2026-01-01T00:00:00Z")
    for (host, isRefused) in [(holder.host, true), ("elsewhere", false)] {
      try Data("pid \(holder.process)\nhost \(host)\nsince \(holder.since)\n".utf8)
        .write(to: URL(fileURLWithPath: temporary("run/lock")))
      let taken = Result {
        _ = try RunDirectory.create(
          at: temporary("run"), locking: Locking(isOptional: true) { _ in code })
      }
      #expect(
        RunDirectory.isInUse(at: temporary("run"), locking: Locking { _ in code }) == isRefused)
      switch taken {
      case .success: #expect(!isRefused)
      case .failure(let error):
        #expect(isRefused && error as? RunError == .inUse(path: temporary("run"), holder: holder))
      }
    }
  }

  @Test("a lock that fails otherwise is an error of the system, and --no-lock changes nothing")
  func failingLock() throws {
    for isOptional in [false, true] {
      #expect(
        throws: RunError.system(
          SystemError(operation: .lock, path: temporary("run/lock"), code: EIO))
      ) {
        _ = try RunDirectory.create(
          at: temporary("run"), locking: Locking(isOptional: isOptional) { _ in EIO })
      }
    }
    // Where there are locks, --no-lock does without none.
    let first = try RunDirectory.create(at: temporary("run"))
    let isLocked = first.isLocked
    #expect(isLocked)
    #expect(throws: RunError.inUse(path: temporary("run"), holder: holder(first.paths))) {
      _ = try RunDirectory.create(at: temporary("run"), locking: Locking(isOptional: true))
    }
  }

  @Test("a directory whose name is not UTF-8 is locked as any other")
  func bytes() throws {
    let path = PathText.text(of: Array(temporary("f").utf8) + [0xFC])
    let directory = try RunDirectory.create(at: path)
    #expect(RunDirectory.isInUse(at: path) && FileSystem.exists(directory.paths.lock))
    #expect(throws: RunError.self) { _ = try RunDirectory.create(at: path) }
  }

  @Test("left-over temporaries go, under the lock only")
  func sweep() throws {
    let paths = try makeRun("run")
    let leftOver = paths.directory + "/.rso-0123456789abcdef.tmp"
    try Data("half".utf8).write(to: URL(fileURLWithPath: leftOver))
    do {
      let held = try RunLockHolder(paths)
      #expect(throws: RunError.self) { _ = try RunDirectory.open(at: paths.directory) }
      #expect(exists(leftOver))
      held.release()
    }
    let opened = try RunDirectory.open(at: paths.directory)
    #expect(!exists(leftOver) && exists(opened.paths.last))
  }

  /// Another holder of a run's lock.
  private struct RunLockHolder {
    private let descriptor: Int32

    init(_ paths: RunPaths) throws {
      descriptor = open(paths.lock, O_RDWR | O_CLOEXEC)
      #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    }

    func release() { close(descriptor) }
  }

  @Test("cycles are numbered with six digits or more")
  func names() {
    let paths = RunPaths(directory: "/run")
    #expect(paths.cycle(42) == "/run/ckpt-000042.h5")
    #expect(paths.cycle(1_234_567) == "/run/ckpt-1234567.h5")
    #expect(RunPaths(directory: "/run/").last == "/run/last.h5")
  }

  @Test("only names that are a cycle's count as one")
  func cycles() throws {
    for name in [
      "ckpt-000003.h5", "ckpt-000001.h5", "ckpt-1234567.h5", "ckpt-2.h5", "ckpt-0000004.h5",
      "ckpt-00000a.h5", "ckpt--00001.h5", "ckpt-000005.h5.old", "last.h5",
    ] { try Data().write(to: URL(fileURLWithPath: temporary(name))) }
    #expect(RunPaths(directory: temporary.path).cycles() == [1, 3, 1_234_567])
  }
}
