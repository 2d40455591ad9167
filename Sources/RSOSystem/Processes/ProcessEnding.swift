internal import Glibc

/// The end of a child process.
package enum ProcessEnding: Hashable, Sendable {
  case exited(status: Int32)
  case signalled(Int32)
  /// The system does not tell, as in a process that ignores SIGCHLD.
  case unknown

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exited(status: waitStatus >> 8 & 0xFF) : .signalled(signal)
  }

  /// The exit status as a shell counts it: 128 + n after signal n; 128 for `unknown`.
  package var shellStatus: Int32 {
    switch self {
    case .exited(let status): status
    case .signalled(let signal): 128 + signal
    case .unknown: 128
    }
  }

  /// Tells if a signal ends a process that has used up its processor time.
  package static func isLimit(_ signal: Int32) -> Bool { signal == SIGXCPU || signal == SIGKILL }

  /// The system's words for a signal: `Segmentation fault`.
  package static func text(ofSignal signal: Int32) -> String { String(cString: strsignal(signal)) }
}
