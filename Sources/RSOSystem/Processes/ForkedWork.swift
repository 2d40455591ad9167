internal import Glibc

/// Work in a copy of this process, which must have one thread only.
///
/// The copy cannot reach what this process reads and writes: its only stream is the pipe for its answer.
/// So its fault, or foreign code that takes it over, can spoil that one answer and nothing else.
package enum ForkedWork {
  /// Runs `work` in a copy of this process and returns its answer.
  ///
  /// - Parameters:
  ///   - limits: Limits of the copy.
  ///   - maximumBytes: The longest answer.
  ///   - work: Runs in the copy.
  ///
  /// - Returns: The answer, and how the copy ended. An answer that is too long is nil. Nil if there
  ///   is no copy.
  package static func answer(
    _ limits: ResourceLimits, maximumBytes: Int, _ work: () -> [UInt8]
  ) -> (answer: [UInt8]?, ending: ProcessEnding)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    let child = fork()
    if child == 0 {
      // The pipe takes the place of all three streams.
      for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(ends[1], stream) }
      // The copy must not keep locks and files of this process open while it works.
      closefrom(STDERR_FILENO + 1)
      guard limits.apply() else { _exit(71) }
      _exit(StandardStream.write(work(), to: STDOUT_FILENO) ? 0 : 74)
    }
    close(ends[1])
    defer { close(ends[0]) }
    guard child > 0 else { return nil }
    let answer = read(from: ends[0], maximumBytes: maximumBytes)
    if answer == nil { kill(child, SIGKILL) }
    var status: Int32 = 0
    guard retrying({ waitpid(child, &status, 0) }) == child else { return (nil, .unknown) }
    return (answer, ProcessEnding(waitStatus: status))
  }

  /// Everything up to the end of a pipe; nil if it is more than `maximumBytes`.
  private static func read(from descriptor: Int32, maximumBytes: Int) -> [UInt8]? {
    var answer: [UInt8] = []
    while true {
      guard let part = StandardStream.read(1 << 16, from: descriptor) else { return nil }
      answer += part
      if answer.count > maximumBytes { return nil }
      if part.count < 1 << 16 { return answer }
    }
  }
}
