import RSORuns

/// The exit statuses of verbs: the numbers of sysexits(3) where they fit.
package enum ExitStatus {
  /// An unknown option, a value out of range, an option that contradicts a run's plan.
  package static let usage: Int32 = 64
  /// A data set, checkpoint or architecture that is damaged or does not fit.
  package static let badData: Int32 = 65
  /// A file or data set that does not exist or cannot be opened.
  package static let noInput: Int32 = 66
  /// This machine lacks memory or instructions that are needed, or the program that computes the objective
  /// cannot be started, has ended or does not answer.
  package static let unavailable: Int32 = 69
  /// An internal error of rso.
  package static let software: Int32 = 70
  /// A run directory or output file that exists or cannot be made.
  package static let cannotCreate: Int32 = 73
  /// Reading or writing failed.
  package static let inputOutput: Int32 = 74
  /// Another process holds the run directory.
  package static let busy: Int32 = 75
  /// A program that computes the objective does not keep to the protocol.
  package static let protocolError: Int32 = 76
  /// The time of `--max-time` is over, and the state is saved. Batch systems use this number for programs
  /// that are to be started again.
  package static let timeIsUp: Int32 = 85
  /// The program of a verb was found but cannot be run.
  package static let cannotRun: Int32 = 126

  /// The status after a signal, as a shell counts it; after `Interruption.timeIsUp`, `timeIsUp`.
  package static func signal(_ number: Int32) -> Int32 {
    number == Interruption.timeIsUp ? timeIsUp : 128 + number
  }
}
