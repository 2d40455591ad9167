internal import Glibc
import RSOCheckpoints

/// A program that was started, whose standard input ends when this process does.
///
/// It is in a process group of its own, so that what a terminal sends to this one's does not reach
/// it; its standard output goes nowhere.
package struct ChildProcess: ~Copyable {
  package let process: Int32
  /// Held open as long as the value lives; nothing is written to it.
  private let lifeline: Int32
  private let errors: Int32

  /// - Parameter arguments: Without the program's name.
  ///
  /// *Throws:* `RunError.system`.
  package init(_ program: String, _ arguments: [String]) throws(RunError) {
    let input = try Self.ends(program)
    defer { close(input.theirs) }
    let output: (ours: Int32, theirs: Int32)
    do {
      output = try Self.ends(program)
    } catch {
      close(input.ours)
      throw error
    }
    defer { close(output.theirs) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.theirs, STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.theirs, STDERR_FILENO)
    var attributes = SpawnAttributes.ownGroup()
    defer { posix_spawnattr_destroy(&attributes) }
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, program, &actions, &attributes, words, environ)
    guard code == 0 else {
      close(input.ours)
      close(output.ours)
      throw .system(operation: "run", path: program, code: code)
    }
    self.process = process
    lifeline = input.ours
    errors = output.ours
  }

  deinit {
    close(lifeline)
    close(errors)
  }

  /// Two ends, each of which ends when the other is closed. No other child may inherit one, or the
  /// death of this process would go unnoticed.
  private static func ends(_ program: String) throws(RunError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .system(operation: "run", path: program, code: errno)
    }
    return (ends[0], ends[1])
  }

  /// Calls `body` with each line that the program writes to standard error, until it closes it.
  package func eachLine(_ body: (String) -> Void) {
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(errors, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest += buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        body(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeSubrange(...end)
      }
    }
    if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
  }

  /// Waits until the program has ended; `reap` tells how. Until then its number is its own.
  package func waitForEnd() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// The exit status of the program, which has ended; 128 + n after signal n, as a shell counts.
  package func reap() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return 128 }
    }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}
