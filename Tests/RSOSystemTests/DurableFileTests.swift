import Foundation
import RSOSystem
import Synchronization
import Testing

@Suite struct DurableFileTests {
  /// An empty directory that is gone after `body`.
  static func withDirectory(_ body: (_ directory: String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-durable-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  static func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  static func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static let old = Array("what was there before".utf8)
  static let new = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

  @Test("a file is made, and one that is there is replaced; nothing else is left")
  func replacing() throws {
    try Self.withDirectory { directory in
      for bytes in [Self.new, Self.old, []] {
        try DurableFile.write(bytes, to: "\(directory)/x.h5")
        #expect(try Self.bytes(of: "\(directory)/x.h5") == bytes)
        #expect(try Self.names(in: directory) == ["x.h5"])
      }
    }
  }

  @Test("a link is replaced itself, and what it led to stays as it is")
  func symbolicLink() throws {
    try Self.withDirectory { directory in
      try Data(Self.old).write(to: URL(fileURLWithPath: "\(directory)/target"))
      #expect(symlink("target", "\(directory)/link") == 0)
      try DurableFile.write(Self.new, to: "\(directory)/link")
      #expect(try Self.bytes(of: "\(directory)/target") == Self.old)
      #expect(try Self.bytes(of: "\(directory)/link") == Self.new)
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/link")
      #expect(attributes[.type] as? FileAttributeType == .typeRegular)
    }
  }

  @Test("a disk without room for the whole file is told before anything is written")
  func room() throws {
    try Self.withDirectory { directory in
      try DurableFile.write(Self.old, to: "\(directory)/x.h5")
      var calls = FileCalls.system
      calls.room = { _ in Int64(Self.new.count) - 1 }
      calls.write = { _, _ in
        Issue.record("written without room")
        return -1
      }
      let error = try #require(throws: DurableFileError.self) {
        try DurableFile.write(Self.new, to: "\(directory)/x.h5", calls: calls)
      }
      #expect(
        error.description == "cannot save '\(directory)/x.h5': cannot find \(Self.new.count) bytes "
          + "of room for it: no space left on device")
      #expect(try Self.names(in: directory) == ["x.h5"])
      #expect(try Self.bytes(of: "\(directory)/x.h5") == Self.old)
      calls = .system
      calls.room = { _ in Int64(Self.new.count) }
      try DurableFile.write(Self.new, to: "\(directory)/x.h5", calls: calls)
      calls.room = { _ in nil }
      try DurableFile.write(Self.new, to: "\(directory)/x.h5", calls: calls)
      let parent = open(directory, O_RDONLY | O_CLOEXEC)
      defer { close(parent) }
      #expect(FileCalls.system.room(parent).map { $0 > 0 } ?? true)
    }
  }

  @Test("interrupted and short writes and reads are gone on with")
  func interruptions() throws {
    let calls = Mutex(0)
    // Every third call is interrupted; the others move at most 100,000 bytes.
    @Sendable func interrupts() -> Bool {
      calls.withLock {
        $0 += 1
        return $0 % 3 == 1
      }
    }
    var system = FileCalls.system
    system.write = { descriptor, bytes in
      if interrupts() {
        errno = EINTR
        return -1
      }
      return FileCalls.system.write(descriptor, .init(rebasing: bytes.prefix(100_000)))
    }
    system.read = { descriptor, bytes in
      if interrupts() {
        errno = EINTR
        return -1
      }
      return FileCalls.system.read(descriptor, .init(rebasing: bytes.prefix(100_000)))
    }
    try Self.withDirectory { directory in
      try DurableFile.write(Self.new, to: "\(directory)/x.h5", calls: system)
      #expect(try Self.bytes(of: "\(directory)/x.h5") == Self.new)
    }
    #expect(calls.withLock { $0 } > 60)
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var calls: FileCalls
    var error: @Sendable (_ path: String) -> DurableFileError

    init(
      _ name: String, _ operation: String?, _ code: Int32, _ change: (inout FileCalls) -> Void
    ) {
      testDescription = name
      calls = .system
      change(&calls)
      error = { path in
        guard let operation else { return .readBackDiffers(path: path) }
        return .cannotSave(path: path, operation: operation, code: code)
      }
    }
  }

  static let failures = [
    Failure("no space", "write", ENOSPC) {
      $0.write = { _, _ in
        errno = ENOSPC
        return -1
      }
    },
    Failure("no space after a part", "write", ENOSPC) {
      $0.write = { descriptor, bytes in
        if bytes.count < 2_000_000 {
          errno = ENOSPC
          return -1
        }
        return FileCalls.system.write(descriptor, .init(rebasing: bytes.prefix(1_000_001)))
      }
    },
    Failure("a write that does nothing", "write", EIO) { $0.write = { _, _ in 0 } },
    Failure("fsync", "fsync", EIO) {
      $0.synchronize = { _ in
        errno = EIO
        return -1
      }
    },
    Failure("interrupted fsync", "fsync", EINTR) {
      $0.synchronize = { _ in
        errno = EINTR
        return -1
      }
    },
    Failure("close", "close", EDQUOT) {
      $0.close = {
        _ = FileCalls.system.close($0)
        errno = EDQUOT
        return -1
      }
    },
    Failure("reading back", "read back", EIO) {
      $0.read = { _, _ in
        errno = EIO
        return -1
      }
    },
    Failure("one bit read back wrong", nil, 0) {
      $0.read = { descriptor, bytes in
        let count = FileCalls.system.read(descriptor, bytes)
        if count > 0 { bytes[count - 1] ^= 1 }
        return count
      }
    },
    Failure("less read back", nil, 0) { $0.read = { _, _ in 0 } },
    Failure("rename", "rename", EACCES) {
      $0.rename = { _, _, _ in
        errno = EACCES
        return -1
      }
    },
  ]

  @Test("a step that fails leaves the old file and no other, and is named", arguments: failures)
  func failing(_ failure: Failure) throws {
    try Self.withDirectory { directory in
      let path = "\(directory)/x.h5"
      try DurableFile.write(Self.old, to: path)
      #expect(throws: failure.error(path)) {
        try DurableFile.write(Self.new, to: path, calls: failure.calls)
      }
      #expect(try Self.bytes(of: path) == Self.old)
      #expect(try Self.names(in: directory) == ["x.h5"])
    }
  }

  @Test("a file comes in parts, in any order; a step that fails leaves the old file")
  func parts() throws {
    try Self.withDirectory { directory in
      let path = "\(directory)/x.h5"
      let write: (FileCalls) throws -> Void = { calls in
        try DurableFile.write(to: path, size: Self.new.count, calls: calls) { file in
          try file.seek(to: 1000)
          try Self.new[1000...].withUnsafeBytes { try file.write($0) }
          try file.seek(to: 0)
          for start in [0, 400] {
            try Self.new[start..<start + (start == 0 ? 400 : 600)].withUnsafeBytes {
              try file.write($0)
            }
          }
        }
      }
      try write(.system)
      #expect(try Self.bytes(of: path) == Self.new)
      try DurableFile.write(Self.old, to: path)
      for failure in Self.failures {
        #expect(throws: failure.error(path)) { try write(failure.calls) }
        #expect(try Self.bytes(of: path) == Self.old)
      }
      #expect(throws: CancellationError.self) {
        try DurableFile.write(to: path, size: 0) { _ in throw CancellationError() }
      }
      #expect(try Self.bytes(of: path) == Self.old)
      #expect(try Self.names(in: directory) == ["x.h5"])
    }
  }

  @Test("a directory that cannot be synchronised is reported, with the new file in place")
  func directorySynchronisation() throws {
    let syncs = Mutex(0)
    var calls = FileCalls.system
    calls.synchronize = { descriptor in
      let isDirectory = syncs.withLock {
        $0 += 1
        return $0 == 2
      }
      guard isDirectory else { return FileCalls.system.synchronize(descriptor) }
      errno = EIO
      return -1
    }
    try Self.withDirectory { (directory) throws in
      let path = "\(directory)/x.h5"
      #expect(
        throws: DurableFileError.cannotSave(
          path: path, operation: "fsync the directory of", code: EIO)
      ) { try DurableFile.write(Self.new, to: path, calls: calls) }
      #expect(try Self.bytes(of: path) == Self.new)
      #expect(try Self.names(in: directory) == ["x.h5"])
    }
  }

  @Test("places where no file can be saved are reported with the system's reason")
  func places() throws {
    try Self.withDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: "\(directory)/folder", withIntermediateDirectories: false)
      try Data(Self.old).write(to: URL(fileURLWithPath: "\(directory)/file"))
      let table: [(path: String, message: String)] = [
        ("missing/x.h5", "cannot open the directory of it: no such file or directory"),
        ("file/x.h5", "cannot open the directory of it: not a directory"),
        ("folder", "cannot rename it: is a directory"),
        ("folder/", "cannot rename it: no such file or directory"),
        (
          String(repeating: "x", count: 300), "cannot rename it: file name too long"
        ),
      ]
      for (name, message) in table {
        let path = "\(directory)/\(name)"
        let error = try #require(throws: DurableFileError.self, "\(name)") {
          try DurableFile.write(Self.new, to: path)
        }
        #expect(error.description == "cannot save '\(path)': \(message)")
        #expect(try Self.names(in: directory) == ["file", "folder"])
        #expect(try Self.names(in: "\(directory)/folder") == [])
      }
    }
  }

  @Test("a limit of the system on file sizes leaves the old file")
  func sizeLimit() async throws {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      try Self.withDirectory { directory in
        let path = "\(directory)/x.h5"
        try DurableFile.write(Self.old, to: path)
        var limit = rlimit(rlim_cur: 1_000_000, rlim_max: 1_000_000)
        #expect(setrlimit(__rlimit_resource_t(1), &limit) == 0)
        #expect(
          throws: DurableFileError.cannotSave(path: path, operation: "write", code: EFBIG)
        ) { try DurableFile.write(Self.new, to: path) }
        #expect(try Self.bytes(of: path) == Self.old)
        #expect(try Self.names(in: directory) == ["x.h5"])
      }
    }
  }

  @Test("only left-over temporaries are swept, and named")
  func sweeping() throws {
    try Self.withDirectory { directory in
      let swept = [".rso-0123456789abcdef.tmp", ".rso-ffffffffffffffff.tmp"]
      let kept = [
        ".rso-.tmp", ".rso-0123456789ABCDEF.tmp", ".rso-0123456789abcdef.tmp2",
        ".rso-0123456789abcde.tmp", "last.h5", "rso-0123456789abcdef.tmp",
      ]
      for name in swept + kept {
        try Data().write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
      }
      let link = ".rso-1111111111111111.tmp"
      let folder = ".rso-2222222222222222.tmp"
      #expect(symlink("last.h5", "\(directory)/\(link)") == 0)
      #expect(mkdir("\(directory)/\(folder)", 0o700) == 0)
      #expect(try DurableFile.sweepTemporaries(in: directory) == swept)
      #expect(try Self.names(in: directory) == (kept + [link, folder]).sorted())
      #expect(try DurableFile.sweepTemporaries(in: directory) == [])
    }
    #expect(
      throws: DurableFileError.cannotSweep(directory: "/no/such", code: ENOENT)
    ) { try DurableFile.sweepTemporaries(in: "/no/such") }
  }

  @Test("the name of a temporary is one that is swept")
  func temporaryName() throws {
    try Self.withDirectory { directory in
      var calls = FileCalls.system
      let seen = Mutex<[String]>([])
      calls.rename = { _, old, _ in
        seen.withLock { $0.append(old) }
        // As a process that is killed here would leave it.
        _ = link("\(directory)/\(old)", "\(directory)/kept")
        errno = EIO
        return -1
      }
      #expect(throws: DurableFileError.self) {
        try DurableFile.write(Self.old, to: "\(directory)/x.h5", calls: calls)
      }
      let name = try #require(seen.withLock { $0.first })
      #expect(rename("\(directory)/kept", "\(directory)/\(name)") == 0)
      #expect(try DurableFile.sweepTemporaries(in: directory) == [name])
      #expect(try Self.names(in: directory) == [])
    }
  }
}
