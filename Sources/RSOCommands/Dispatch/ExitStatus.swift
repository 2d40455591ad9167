import Foundation

/// How a verb tells its caller what came of it: the numbers of sysexits(3) where they fit.
package enum ExitStatus {
  /// An unknown option, a value out of range, an option that contradicts a run's plan.
  package static let usage: Int32 = 64
  /// A data set, checkpoint or architecture that is damaged, or not the one that is needed.
  package static let badData: Int32 = 65
  /// A file or data set that is not there, or may not be read.
  package static let noInput: Int32 = 66
  /// This machine lacks what is needed.
  package static let unavailable: Int32 = 69
  /// A fault of rso itself.
  package static let software: Int32 = 70
  /// A run directory or output file that exists already, or cannot be made.
  package static let cannotCreate: Int32 = 73
  /// Reading or writing failed on the way.
  package static let inputOutput: Int32 = 74
  /// Another process holds the run directory.
  package static let busy: Int32 = 75
  /// The verb's program was found and cannot be run.
  package static let cannotRun: Int32 = 126

  /// After a signal, as a shell counts it.
  package static func signal(_ number: Int32) -> Int32 { 128 + number }
}
