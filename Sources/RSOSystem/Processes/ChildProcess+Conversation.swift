internal import Glibc

/// Messages to and from a program that answers many times.
extension ChildProcess {
  /// The reasons why a message was not sent or received in full.
  package enum Break: Error, Hashable, Sendable {
    /// The program has closed its standard input, or has ended.
    case closedInput
    /// The program has closed its standard output, or has ended.
    case closedOutput
    /// The time is over.
    case timedOut
    /// This process does not want to wait any longer.
    case stopped
  }

  /// The limit on the time to wait for a program.
  package struct Patience {
    let deadline: ContinuousClock.Instant
    let isStopped: () -> Bool

    /// - Parameters:
    ///   - seconds: From now on.
    ///   - isStopped: Asked about every 20 ms while the program is waited for. True gives up.
    package init(seconds: Double, isStopped: @escaping () -> Bool = { false }) {
      deadline = .now.advanced(by: .seconds(seconds))
      self.isStopped = isStopped
    }
  }

  /// Makes the buffers between both processes larger: a message of many bytes then needs fewer changes from one
  /// process to the other. The system may refuse that, which changes nothing but the speed.
  package func enlargeBuffers(to bytes: Int32) {
    var size = bytes
    for descriptor in [input, output] where descriptor >= 0 {
      setsockopt(
        descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  /// Sends all bytes to standard input.
  package func send(
    _ bytes: UnsafeRawBufferPointer, _ patience: Patience
  ) throws(Break) {
    precondition(input >= 0, "a stream that does not lead here")
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count = retrying {
        Glibc.send(
          input, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        try Self.wait(for: Int16(POLLOUT), on: input, patience)
      } else {
        throw .closedInput
      }
    }
  }

  /// Receives from standard output until the buffer is full.
  package func receive(
    into buffer: UnsafeMutableRawBufferPointer, _ patience: Patience
  ) throws(Break) {
    precondition(output >= 0, "a stream that does not lead here")
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = retrying { recv(output, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT)) }
      if count > 0 {
        filled += count
      } else if count < 0, errno == EAGAIN {
        try Self.wait(for: Int16(POLLIN), on: output, patience)
      } else {
        throw .closedOutput
      }
    }
  }

  /// True if the program has written bytes to standard output that are not received yet.
  package var hasUnreadOutput: Bool {
    var byte: UInt8 = 0
    return retrying { recv(output, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK)) } > 0
  }

  private static func wait(
    for events: Int16, on descriptor: Int32, _ patience: Patience
  ) throws(Break) {
    while true {
      var polled = pollfd(fd: descriptor, events: events, revents: 0)
      if retrying({ poll(&polled, 1, 20) }) != 0 { return }
      if patience.isStopped() { throw .stopped }
      if patience.deadline <= .now { throw .timedOut }
    }
  }

  // MARK: Ending

  /// Closes standard input and waits until the program has ended. Then ends what is left of its process group.
  ///
  /// - Parameter seconds: Time that the program has for ending by itself.
  ///
  /// - Returns: How it ended; nil if this process has ended it. Call this once, and not `reap`.
  @discardableResult
  package func endGroup(after seconds: Double) -> ProcessEnding? {
    if input >= 0 { shutdown(input, Int32(SHUT_WR)) }
    let patience = Patience(seconds: seconds)
    while !hasEnded, patience.deadline > .now { usleep(2000) }
    let endedByItself = hasEnded
    // Before `reap`, so that no other group can have the number.
    killGroup()
    let ending = reap()
    return endedByItself ? ending : nil
  }

  /// Ends the program and all processes that it has started, at once.
  package func killGroup() { kill(-process, SIGKILL) }

  private var hasEnded: Bool {
    var info = siginfo_t()
    let code = waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT | WNOHANG)
    return code != 0 ? errno != EINTR : info._sifields._sigchld.si_pid == process
  }
}
