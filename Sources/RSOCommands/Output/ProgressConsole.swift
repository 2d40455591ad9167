import RSORuns

/// The output for the progress of a run. A test replaces it.
package struct ProgressConsole {
  /// True if lines can be drawn again.
  package var isLive: Bool
  /// The present width, in characters.
  package var width: () -> Int
  /// Writes text, and returns false if its reader has gone away.
  package var write: (String) -> Bool
  /// Seconds on a clock that never goes back.
  package var elapsed: () -> Double

  package init(
    isLive: Bool, width: @escaping () -> Int, write: @escaping (String) -> Bool,
    elapsed: @escaping () -> Double
  ) {
    self.isLive = isLive
    self.width = width
    self.write = write
    self.elapsed = elapsed
  }

  static var standardError: ProgressConsole {
    ProgressConsole(
      isLive: Terminal.isInteractive, width: { Terminal.width },
      write: { StandardStreams.say($0, terminator: "") }, elapsed: RunClock.system.elapsed)
  }
}
