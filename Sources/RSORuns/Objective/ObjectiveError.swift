import RSOSystem

/// The reasons why a program cannot compute an objective, or no longer does.
package enum ObjectiveError: Error, Equatable {
  /// The system cannot start the program.
  case cannotStart(command: String, program: String, SystemError)
  /// The program has ended by itself.
  case ended(command: String, during: Stage, ProcessEnding)
  /// The program has closed a stream and has not ended.
  case closed(command: String, during: Stage, Stream)
  /// The program has not answered in time.
  case silent(command: String, during: Stage, seconds: Double)
  /// The program's first message is not one of the protocol.
  case badGreeting(command: String, found: String)
  /// The program speaks another version of the protocol.
  case otherVersion(command: String, version: UInt32)
  /// An answer is not a finite number.
  case notFinite(command: String, answer: Double)
  /// The program has written bytes that are no answer.
  case extraBytes(command: String)
  /// A signal has asked the run to stop while the program was working.
  case stopped

  /// The message that rso was waiting for.
  package enum Stage: String, Sendable {
    case greeting = "its first message"
    case answer = "an answer"
  }

  /// A standard stream of the program.
  package enum Stream: String, Sendable {
    case input, output
  }
}

extension ObjectiveError: CustomStringConvertible {
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .cannotStart(let command, let program, let error):
      "cannot start the objective '\(command)': '\(program)': \(error.reason); "
        + (error.isDenied
          ? "make it executable, or begin the command with its interpreter"
          : "name a program that is in PATH, or its path")
    case .ended(let command, let stage, let ending):
      "the objective '\(command)' \(Self.text(ending)) while rso waited for \(stage.rawValue); "
        + "its own messages are above"
    case .closed(let command, let stage, let stream):
      "the objective '\(command)' closed its standard \(stream.rawValue) while rso waited for "
        + "\(stage.rawValue), and did not end: let it keep both streams open until its input ends"
    case .silent(let command, let stage, let seconds):
      "the objective '\(command)' took more than \(Self.text(seconds)) s for \(stage.rawValue); "
        + "wait longer with --objective-timeout"
    case .badGreeting(let command, let found):
      "the objective '\(command)' began with '\(found)', not with 'rso-obj': let it write nothing but its "
        + "messages to standard output, as rso-objective(5) says"
    case .otherVersion(let command, let version):
      "the objective '\(command)' speaks version \(version) of the protocol; expected version "
        + "\(ObjectiveMessages.version), as rso-objective(5) describes it"
    case .notFinite(let command, let answer):
      "the objective '\(command)' answered \(answer); expected a finite number"
    case .extraBytes(let command):
      "the objective '\(command)' wrote more than its answer: let it write one float64 for each candidate, and "
        + "nothing else, to standard output"
    case .stopped: "stopped by a signal while the objective was computed"
    }
  }

  private static func text(_ ending: ProcessEnding) -> String {
    switch ending {
    case .exited(let status): "ended with status \(status)"
    case .signalled(let signal):
      "was ended by signal \(signal) (\(ProcessEnding.text(ofSignal: signal)))"
    case .unknown: "ended"
    }
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
  }
}
