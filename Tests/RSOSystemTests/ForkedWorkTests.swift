import Glibc
import RSOSystem
import Testing

/// The copies call only functions of the C library, because the process of the tests has many threads. A thread
/// may block signals, but not SIGKILL.
@Suite("Work in a copy of the process")
struct ForkedWorkTests {
  private let limits = ResourceLimits(memory: 1 << 40, processorTime: 1)

  @Test("the answer of a copy is returned, up to a limit")
  func answers() throws {
    let answer = [UInt8](repeating: 7, count: 300_000)
    let work = try #require(ForkedWork.answer(limits, maximumBytes: 300_000) { answer })
    #expect(work.answer == answer && work.ending == .exited(status: 0))
    let long = try #require(ForkedWork.answer(limits, maximumBytes: 299_999) { answer })
    #expect(long.answer == nil)
  }

  @Test("a copy that crashes, exits or takes too long ends alone")
  func endings() throws {
    func ending(_ work: () -> [UInt8]) throws -> ProcessEnding {
      let outcome = ForkedWork.answer(limits, maximumBytes: 10, work)
      return try #require(outcome).ending
    }
    #expect(try ending { kill(getpid(), SIGKILL) == 0 ? [] : [1] } == .signalled(SIGKILL))
    #expect(
      try ending {
        _exit(3)
      } == .exited(status: 3))
    let endless = try ending {
      while getpid() > 0 {}
      return []
    }
    #expect(endless == .signalled(SIGXCPU) || endless == .signalled(SIGKILL))
  }

  @Test("a copy can open no file and read none of this process's streams")
  func isolated() throws {
    let opened = ForkedWork.answer(limits, maximumBytes: 10) {
      [open("/etc/passwd", O_RDONLY) < 0 && errno == EMFILE ? 1 : 0]
    }
    #expect(opened?.answer == [1])
    let read = ForkedWork.answer(limits, maximumBytes: 10) {
      var byte: UInt8 = 0
      return [Glibc.read(STDIN_FILENO, &byte, 1) < 0 ? 1 : 0]
    }
    #expect(read?.answer == [1])
  }

  @Test("a copy holds nothing open that this process has open")
  func descriptors() throws {
    let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    let held = ForkedWork.answer(limits, maximumBytes: 10) {
      [fcntl(descriptor, F_GETFD) < 0 && errno == EBADF ? 1 : 0]
    }
    #expect(held?.answer == [1])
  }
}
