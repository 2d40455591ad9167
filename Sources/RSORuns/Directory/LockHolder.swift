internal import Glibc

/// The process that writes to a run directory, as recorded in the directory's lock file.
///
///     pid 4711
///     host pluto
///     since 2026-11-22T17:03:09Z
package struct LockHolder: Sendable, Hashable {
  package var process: Int32
  package var host: String
  /// UTC, to the second (RFC 3339).
  package var since: String

  package init(process: Int32, host: String, since: String) {
    self.process = process
    self.host = host
    self.since = since
  }

  /// The calling process.
  ///
  /// - Parameter date: The present, in seconds since 1970.
  static func current(date: Double = RunClock.system.date()) -> LockHolder {
    var seconds = time_t(date)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var bytes = [CChar](repeating: 0, count: 32)
    let count = strftime(&bytes, bytes.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    let since = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return LockHolder(process: getpid(), host: RunEnvironment.hostName(), since: since)
  }

  /// The process was on this host and has ended.
  var isGone: Bool { isHere && !exists }

  /// The process is another one on this host, and still runs.
  var isRunningHere: Bool { isHere && process != getpid() && exists }

  private var isHere: Bool { host == RunEnvironment.hostName() }
  private var exists: Bool { kill(process, 0) == 0 || errno != ESRCH }

  /// The lines of the lock file.
  var text: String { "pid \(process)\nhost \(host)\nsince \(since)\n" }

  /// Reads the lines of a lock file; nil for anything else, such as a file that is being written.
  package init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func value(_ line: Int, _ name: String) -> String? {
      lines[line].hasPrefix(name + " ") ? String(lines[line].dropFirst(name.count + 1)) : nil
    }
    guard lines.count == 4, lines[3].isEmpty, let process = value(0, "pid").flatMap({ Int32($0) }),
      let host = value(1, "host"), let since = value(2, "since"),
      (host + since).unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
    self.init(process: process, host: host, since: since)
  }
}

extension LockHolder: CustomStringConvertible {
  package var description: String { "process \(process) on \(host) since \(since)" }
}
