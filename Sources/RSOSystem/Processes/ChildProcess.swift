internal import Glibc

/// A program that this process has started.
///
/// It has its own process group, so that Ctrl-C in the terminal does not reach it. It starts with
/// no signal blocked or ignored. No child inherits the streams of another.
package struct ChildProcess: ~Copyable, Sendable {
  /// The standard streams that lead to this process; those that are not named lead to `/dev/null`.
  package struct Streams: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Standard input. It is closed when the `ChildProcess` is destroyed, or when this process
    /// ends.
    package static let input = Streams(rawValue: 1)
    package static let output = Streams(rawValue: 2)
    package static let errors = Streams(rawValue: 4)
    /// The program's standard error is that of this process.
    package static let sharedErrors = Streams(rawValue: 8)
  }

  /// The process ID. The system does not reuse it before `reap` is called.
  package let process: Int32
  let input: Int32
  let output: Int32
  private let errors: Int32

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: A path, or a name that is looked for along `PATH`.
  ///   - arguments: Without the program's name.
  ///   - variables: Environment variables that it gets besides this process's own.
  ///
  /// *Throws:* `SystemError` where it cannot be started.
  package init(
    _ program: String, _ arguments: [String], streams: Streams, variables: [String: String] = [:]
  ) throws(SystemError) {
    try self.init(program, arguments, streams: streams, variables: variables, inputDescriptor: nil)
  }

  /// Starts a program whose standard input is a file, from its first byte, and whose standard output is
  /// connected to this process.
  ///
  /// *Throws:* `SystemError` where it cannot be started.
  package init(
    _ program: String, _ arguments: [String], reading file: borrowing InputFile,
    variables: [String: String] = [:]
  ) throws(SystemError) {
    try self.init(
      program, arguments, streams: .output, variables: variables,
      inputDescriptor: file.descriptor)
  }

  private init(
    _ program: String, _ arguments: [String], streams: Streams, variables: [String: String],
    inputDescriptor: Int32?
  ) throws(SystemError) {
    var channels: [SocketPair?] = [nil, nil, nil]
    do throws(SystemError) {
      for index in 0..<3 where streams.contains(Streams(rawValue: 1 << index)) {
        channels[index] = try SocketPair(program)
      }
      var descriptors = channels.map { $0?.theirs }
      if let inputDescriptor { descriptors[0] = inputDescriptor }
      if streams.contains(.sharedErrors) { descriptors[2] = STDERR_FILENO }
      process = try ProcessSpawn.start(
        program, arguments, streams: descriptors, variables: variables)
    } catch {
      for channel in channels { channel?.closeBoth() }
      throw error
    }
    for channel in channels { channel?.closeTheirs() }
    (input, output, errors) = (
      channels[0]?.ours ?? -1, channels[1]?.ours ?? -1, channels[2]?.ours ?? -1
    )
  }

  deinit {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  // MARK: Talking

  /// Sends `bytes` to standard input, closes it, and returns everything that the program writes to
  /// standard output. Sends and receives at the same time, so that neither side waits for the
  /// other. If the program ends early, the rest is not sent.
  ///
  /// - Returns: Nil as soon as the output exceeds `maximumBytes`. The program may still run then.
  package func exchange(_ bytes: [UInt8], maximumBytes: Int) -> [UInt8]? {
    precondition(input >= 0 && output >= 0, "a stream that does not lead here")
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var sent = 0
    var isSending = true
    while true {
      if isSending, sent == bytes.count {
        shutdown(input, Int32(SHUT_WR))
        isSending = false
      }
      var polled = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isSending ? input : -1, events: Int16(POLLOUT), revents: 0),
      ]
      guard retrying({ poll(&polled, 2, -1) }) >= 0 else { return answer }
      if polled[1].revents != 0 {
        let count = send(bytes[sent...])
        if count > 0 { sent += count } else if errno != EAGAIN { sent = bytes.count }
      }
      guard polled[0].revents != 0 else { continue }
      let count = buffer.withUnsafeMutableBytes { buffer in
        retrying { Glibc.read(output, buffer.baseAddress, buffer.count) }
      }
      guard count > 0 else { return answer }
      guard answer.count + count <= maximumBytes else { return nil }
      answer += buffer[..<count]
    }
  }

  /// Returns everything that the program writes to standard output until it closes it.
  ///
  /// - Returns: Nil as soon as the output exceeds `maximumBytes`. The program may still run then.
  package func allOutput(maximumBytes: Int) -> [UInt8]? {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(into: $0) }
      guard output.count + count <= maximumBytes else { return nil }
      output += buffer[..<count]
      if count < buffer.count { return output }
    }
  }

  /// Reads from standard output until the buffer is full or the program closes it.
  ///
  /// - Returns: The number of bytes read.
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    precondition(output >= 0, "a stream that does not lead here")
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = retrying { Glibc.read(output, rest.baseAddress, rest.count) }
      guard count > 0 else { break }
      filled += count
    }
    return filled
  }

  /// Sends as much as fits and returns the number of bytes; negative on failure, with `errno`.
  /// `EAGAIN` means that nothing fits now.
  private func send(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBytes { buffer in
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      return retrying { Glibc.send(input, buffer.baseAddress, buffer.count, flags) }
    }
  }

  /// Calls `body` with each line that the program writes to standard error, until it closes it.
  package func eachErrorLine(_ body: (String) -> Void) {
    precondition(errors >= 0, "a stream that does not lead here")
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = buffer.withUnsafeMutableBytes { buffer in
        retrying { Glibc.read(errors, buffer.baseAddress, buffer.count) }
      }
      guard count > 0 else { break }
      rest += buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        body(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeSubrange(...end)
      }
    }
    if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
  }

  // MARK: Ending

  /// Ends the program at once.
  package func terminate() { kill(process, SIGKILL) }

  /// Waits until the program has ended. Its process ID stays reserved until `reap`.
  package func waitForEnd() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// Waits until the program has ended, and returns how it ended. Call it only once.
  package func reap() -> ProcessEnding {
    var status: Int32 = 0
    guard retrying({ waitpid(process, &status, 0) }) == process else { return .unknown }
    return ProcessEnding(waitStatus: status)
  }
}
