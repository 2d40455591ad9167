internal import Glibc
import HDF5

/// The process in which libhdf5 parses a file.
///
/// libhdf5 is a large C program, and a file with a right digest may still be made to break it. So the
/// bytes go to a small program that may take a bounded amount of memory and time, and do nothing else;
/// what it answers is not trusted either. If libhdf5 crashes, it ends that program and no other.
package struct ContentsProcess: Sendable {
  package static let name = "hdf5-contents"

  /// The program's path.
  private let program: String

  /// - Parameter program: nil for the one that belongs to this program.
  package init(program: String? = nil) {
    self.program = program ?? Self.installed()
  }

  /// It lies beside the programs of rso, and beside the tests where they are built.
  private static func installed() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
    let path = String(
      decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    let home = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let libexec = "\(home)/../libexec/rso/\(name)"
    return access(libexec, X_OK) == 0 ? libexec : "\(home)/\(name)"
  }

  /// What the file holds, or what libhdf5 says against it.
  ///
  /// - Parameter converting: Whether floating-point numbers of any kind are read; see
  ///   `HDF5Contents.Limits`.
  ///
  /// *Throws:* `CheckpointError.crashed`, `.noContentsProgram`.
  package func contents(
    of file: [UInt8], path: String, converting: Bool = false
  ) throws(CheckpointError) -> Result<HDF5Contents.Group, HDF5Error> {
    let limits =
      converting
      ? HDF5Contents.Limits.converting(fileOf: file.count)
      : HDF5Contents.Limits(bytes: file.count)
    let (process, socket) = try start(
      ["\(file.count)"] + (converting ? ["converting"] : []))
    defer { close(socket) }
    // A process that has ended early says more by how it ended.
    send(file, to: socket)
    // An answer takes little more than the elements; names and shapes are bounded by their number.
    let answer = receive(from: socket, maximumBytes: limits.bytes + 1 << 28)
    if answer == nil { kill(process, SIGKILL) }
    let status = wait(for: process)
    if let answer, let contents = HDF5Contents.decode(answer) { return contents }
    throw failure(status, path: path, hasAnswered: answer.map { !$0.isEmpty } ?? true)
  }

  private func failure(_ status: Int32?, path: String, hasAnswered: Bool) -> CheckpointError {
    guard let status else { return .crashed(path: path, reason: "ended without an answer") }
    let signal = status & 0x7F
    if signal == SIGXCPU || signal == SIGKILL {
      return .crashed(path: path, reason: "took too long, or too much memory")
    }
    if signal != 0 {
      return .crashed(path: path, reason: "crashed: \(String(cString: strsignal(signal)))")
    }
    if hasAnswered {
      return .noContentsProgram(path: program, reason: "it is of another version")
    }
    return .crashed(path: path, reason: "gave up with status \(status >> 8 & 0xFF)")
  }

  // MARK: Starting

  private func start(
    _ arguments: [String]
  ) throws(CheckpointError) -> (process: pid_t, socket: Int32) {
    var ends: [Int32] = [-1, -1]
    // A socket, for writing to one that nobody reads any more need not raise a signal.
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw noProgram(errno) }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = SpawnAttributes.ownGroup()
    defer { posix_spawnattr_destroy(&attributes) }
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let environment = Self.environment()
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, program, &actions, &attributes, words, environment)
    guard code == 0 else {
      close(ends[0])
      throw noProgram(code)
    }
    return (process, ends[0])
  }

  private func noProgram(_ code: Int32) -> CheckpointError {
    .noContentsProgram(path: program, reason: CheckpointError.text(of: code))
  }

  /// The caller's, but for Swift's own report of a crash, which would take seconds.
  private static func environment() -> [UnsafeMutablePointer<CChar>?] {
    var words: [UnsafeMutablePointer<CChar>?] = []
    var index = 0
    while let word = environ[index] {
      if strncmp(word, "SWIFT_BACKTRACE=", 16) != 0 { words.append(strdup(word)) }
      index += 1
    }
    return words + [strdup("SWIFT_BACKTRACE=enable=no"), nil]
  }

  // MARK: Talking

  private func send(_ bytes: [UInt8], to socket: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
        return retrying {
          Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
      }
      guard count > 0 else { break }
      sent += count
    }
    shutdown(socket, Int32(SHUT_WR))
  }

  /// Everything up to the other end's end; nil for more than is allowed.
  private func receive(from socket: Int32, maximumBytes: Int) -> [UInt8]? {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { buffer in
        retrying { Glibc.read(socket, buffer.baseAddress, buffer.count) }
      }
      guard count > 0 else { return answer }
      guard answer.count + count <= maximumBytes else { return nil }
      answer += buffer[..<count]
    }
  }

  /// How the process ended; nil where that is not told, as in a process that ignores SIGCHLD.
  private func wait(for process: pid_t) -> Int32? {
    var status: Int32 = 0
    return retrying { waitpid(process, &status, 0) } == process ? status : nil
  }
}
