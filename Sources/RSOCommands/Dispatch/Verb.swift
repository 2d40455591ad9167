import ArgumentParser

/// A verb that comes with rso.
package protocol Verb: ParsableCommand {
  /// The exit status of all failures of this verb; nil if each error has its own status.
  static var failureStatus: Int32? { get }
}

extension Verb {
  package static var failureStatus: Int32? { nil }

  /// The word after `rso`.
  package static var word: String { String(_commandName.dropFirst("rso ".count)) }
}

/// The verbs that come with rso, in the order of their list in `rso --help`.
enum Verbs {
  static let all: [any Verb.Type] = [
    TrainCommand.self, ResumeCommand.self, SweepCommand.self, EvalCommand.self, CompareCommand.self,
    PredictCommand.self, VerifyCommand.self, DataCommand.self, InspectCommand.self,
    DiffCommand.self, HistoryCommand.self, ReportCommand.self,
    ExportCommand.self, ImportCommand.self, BenchCommand.self, DoctorCommand.self,
    DevicesCommand.self,
  ]

  static func named(_ word: String) -> (any Verb.Type)? { all.first { $0.word == word } }
}
