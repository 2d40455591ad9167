/// Fewer threads than asked for: the system could not make all of them.
///
/// Results do not depend on the number of threads, so the work goes on; the caller warns.
package struct ThreadShortage: Sendable, Hashable {
  /// Threads that compute, the calling one among them.
  package let started: Int
  /// Threads that were asked for, the calling one among them.
  package let wanted: Int

  package init(started: Int, wanted: Int) {
    self.started = started
    self.wanted = wanted
  }
}

extension ThreadShortage: CustomStringConvertible {
  package var description: String {
    "\(started) of \(wanted) threads could be started; continuing with \(started)"
  }
}
