import Glibc
import RSOSystem
import Testing

@Suite("child processes") struct ChildProcessTests {
  /// Starts a script of the shell.
  private func shell(
    _ script: String, _ streams: ChildProcess.Streams, _ arguments: [String] = []
  ) throws(SystemError) -> ChildProcess {
    try ChildProcess("sh", ["-c", script, "sh"] + arguments, streams: streams)
  }

  @Test("megabytes go in and out at once, whoever speaks first") func exchange() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    let child = try ChildProcess("cat", [], streams: [.input, .output])
    #expect(child.exchange(bytes, maximumBytes: bytes.count) == bytes)
    #expect(child.reap() == .exited(status: 0))
  }

  @Test("a program that answers without end is given up") func endless() throws {
    let child = try shell("exec yes", [.input, .output])
    #expect(child.exchange([1], maximumBytes: 100_000) == nil)
    child.terminate()
    #expect(child.reap() == .signalled(SIGKILL))
  }

  @Test("a program that reads nothing is no harm") func deaf() throws {
    let bytes = [UInt8](repeating: 1, count: 1 << 22)
    let child = try shell("exec 0<&-; echo done", [.input, .output])
    #expect(child.exchange(bytes, maximumBytes: 100) == Array("done\n".utf8))
    #expect(child.reap() == .exited(status: 0))
  }

  @Test("its ends are told apart, as a shell counts them") func endings() throws {
    for (script, ending, status) in [
      ("exit 3", ProcessEnding.exited(status: 3), 3 as Int32),
      ("kill -TERM $$", .signalled(SIGTERM), 128 + SIGTERM),
    ] {
      let child = try shell(script, [])
      child.waitForEnd()
      let found = child.reap()
      #expect(found == ending)
      #expect(found.shellStatus == status)
    }
  }

  @Test("lines of standard error come one by one, the last one without its end too")
  func errorLines() throws {
    let child = try shell("echo one >&2; echo two; printf three >&2", [.errors])
    var lines: [String] = []
    child.eachErrorLine { lines.append($0) }
    #expect(lines == ["one", "three"])
    #expect(child.reap() == .exited(status: 0))
  }

  @Test("standard input that leads nowhere ends at once; one that leads here, with the value")
  func lifeline() throws {
    let deaf = try shell("cat; exit 4", [])
    #expect(deaf.reap() == .exited(status: 4))
    let process: Int32
    do {
      let held = try shell("cat; exec sleep 0", [.input])
      process = held.process
      #expect(kill(process, 0) == 0)
    }
    var status: Int32 = 0
    #expect(waitpid(process, &status, 0) == process)
  }

  @Test("arguments go through byte for byte") func arguments() throws {
    let bytes: [UInt8] = [0x66, 0xFC, 0x72, 0x80]
    let child = try shell(
      #"printf %s "$1"; cat >/dev/null"#, [.input, .output], [PathText.text(of: bytes)])
    #expect(child.exchange([], maximumBytes: 100) == bytes)
    #expect(child.reap() == .exited(status: 0))
  }

  @Test("variables are added, and replace those of the same name") func variables() throws {
    let child = try ChildProcess(
      "sh", ["-c", #"printf %s "$RSO_TEST:$HOME:${PATH:+path}""#], streams: [.input, .output],
      variables: ["RSO_TEST": "1", "HOME": "2"])
    #expect(child.exchange([], maximumBytes: 100) == Array("1:2:path".utf8))
    #expect(child.reap() == .exited(status: 0))
  }

  @Test("no child holds another one's streams open") func isolation() throws {
    let process: Int32
    let other: ChildProcess
    do {
      let held = try shell("cat", [.input])
      process = held.process
      other = try shell("cat", [.input, .output])
    }
    // The first child ends though the second one runs.
    var status: Int32 = 0
    #expect(waitpid(process, &status, 0) == process)
    #expect(other.exchange([7], maximumBytes: 10) == [7])
    #expect(other.reap() == .exited(status: 0))
  }

  @Test("no signal is ignored in a child") func signals() throws {
    signal(SIGUSR1, SIG_IGN)
    defer { signal(SIGUSR1, SIG_DFL) }
    let child = try shell("kill -USR1 $$", [])
    #expect(child.reap() == .signalled(SIGUSR1))
  }

  @Test("a program that is not there is an error with its name") func missing() {
    #expect(throws: SystemError(operation: .run, path: "/no/such", code: ENOENT)) {
      _ = try ChildProcess("/no/such", [], streams: [.input, .output])
    }
  }

  // MARK: Conversations

  private func send(
    _ bytes: [UInt8], to child: borrowing ChildProcess, _ patience: ChildProcess.Patience
  ) throws {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(ChildProcess.Break) in try child.send(bytes, patience) }
    }.get()
  }

  private func receive(
    _ count: Int, from child: borrowing ChildProcess, _ patience: ChildProcess.Patience
  ) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { bytes in
      Result { () throws(ChildProcess.Break) in try child.receive(into: bytes, patience) }
    }.get()
    return bytes
  }

  @Test("a program answers many times, and ends when its input does") func conversation() throws {
    let child = try ChildProcess("cat", [], streams: [.input, .output, .sharedErrors])
    child.enlargeBuffers(to: 1 << 20)
    let patience = ChildProcess.Patience(seconds: 20)
    for length in [1, 10, 100_000] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      try send(bytes, to: child, patience)
      #expect(try receive(length, from: child, patience) == bytes)
      let hasMore = child.hasUnreadOutput
      #expect(!hasMore)
    }
    #expect(child.endGroup(after: 20) == .exited(status: 0))
  }

  @Test("an end, a silence and a stop are told apart, on both sides") func breaks() throws {
    let ended = try shell("exit 3", [.input, .output])
    let patience = ChildProcess.Patience(seconds: 20)
    #expect(throws: ChildProcess.Break.closedOutput) { try receive(1, from: ended, patience) }
    // A copy of this process that another test makes holds the other end until it is closed there.
    #expect(throws: ChildProcess.Break.closedInput) {
      for _ in 0..<2000 {
        try send([1], to: ended, patience)
        usleep(10_000)
      }
    }
    #expect(ended.endGroup(after: 20) == .exited(status: 3))

    let silent = try shell("sleep 100 & wait", [.input, .output])
    let much = [UInt8](repeating: 0, count: 1 << 23)
    let short = ChildProcess.Patience(seconds: 0.1)
    #expect(throws: ChildProcess.Break.timedOut) { try receive(1, from: silent, short) }
    #expect(throws: ChildProcess.Break.timedOut) { try send(much, to: silent, short) }
    let stopped = ChildProcess.Patience(seconds: 100) { true }
    #expect(throws: ChildProcess.Break.stopped) { try receive(1, from: silent, stopped) }
    // What the program has started ends with it: its `sleep` holds the output open.
    #expect(silent.endGroup(after: 0.05) == nil)
    #expect(throws: ChildProcess.Break.closedOutput) { try receive(1, from: silent, patience) }
    let killed = try shell("kill -KILL $$", [.input, .output])
    #expect(killed.endGroup(after: 20) == .signalled(SIGKILL))
  }

  @Test("bytes that nobody has asked for are noticed") func unread() throws {
    let child = try shell("echo; read x; exit 0", [.input, .output])
    let patience = ChildProcess.Patience(seconds: 20)
    while !child.hasUnreadOutput { usleep(1000) }
    #expect(try receive(1, from: child, patience) == [10])
    let hasMore = child.hasUnreadOutput
    #expect(!hasMore)
    #expect(child.endGroup(after: 20) == .exited(status: 0))
  }
}
