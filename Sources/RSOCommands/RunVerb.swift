import ArgumentParser
import Foundation

/// The programs of this package.
let verbCommands: [any ParsableCommand.Type] = [
  TrainCommand.self, ResumeCommand.self, SweepCommand.self, EvalCommand.self, VerifyCommand.self,
  InspectCommand.self, DiffCommand.self, HistoryCommand.self, ExportCommand.self,
  ImportCommand.self, BenchCommand.self,
]

/// Runs a verb with the arguments of the process, says what went wrong, and exits.
///
/// - Parameter failureStatus: What every failure has for a status; nil for one of `ExitStatus`.
package func runVerb<Verb: ParsableCommand>(
  _ verb: Verb.Type, failureStatus: Int32? = nil
) -> Never {
  StandardStreams.occupy()
  // A reader that goes away is an error of writing, to be met where it happens, not the end of a
  // program that has work to save.
  signal(SIGPIPE, SIG_IGN)
  do {
    var command = try Verb.parseAsRoot()
    try command.run()
    exit(0)
  } catch {
    let status = report(error, of: Verb.self)
    // What a command throws as its exit status is an outcome; and help is no failure.
    let isFailure = !(error is ExitCode) && status != 0 && status != ExitStatus.signal(SIGPIPE)
    exit(isFailure ? failureStatus ?? status : status)
  }
}

/// Prints `error` as the program that `Verb` is; returns the exit status.
private func report<Verb: ParsableCommand>(_ error: any Error, of verb: Verb.Type) -> Int32 {
  if let status = error as? ExitCode { return status.rawValue }
  let program = Verb._commandName.replacing(" ", with: "-")
  if let (message, status) = failure(error) {
    StandardStreams.say("\(program): \(message)")
    return status
  }
  switch Verb.exitCode(for: error) {
  case .success:
    return StandardStreams.answer(Verb.fullMessage(for: error) + "\n")
  case .validationFailure:
    let message = Verb.message(for: error)
    let first = message.prefix(1).lowercased()
    StandardStreams.say(
      "\(program): \(first)\(message.dropFirst())\nSee '\(Verb._commandName) --help'.")
    return ExitStatus.usage
  default:
    StandardStreams.say("\(program): \(describe(error))")
    return ExitStatus.software
  }
}
