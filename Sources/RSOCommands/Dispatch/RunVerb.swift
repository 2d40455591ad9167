import ArgumentParser
import Foundation

/// Runs a verb, reports what went wrong, and exits.
///
/// - Parameter arguments: Those after the verb.
func runVerb<V: Verb>(_ verb: V.Type, arguments: [String]) -> Never {
  // A reader that goes away is an error of writing, to be met where it happens, not the end of a
  // program that has work to save.
  signal(SIGPIPE, SIG_IGN)
  do {
    var command = try V.parseAsRoot(arguments)
    try command.run()
    exit(0)
  } catch {
    let status = report(error, of: V.self)
    // What a command throws as its exit status is an outcome; and help is no failure.
    let isFailure = !(error is ExitCode) && status != 0 && status != ExitStatus.signal(SIGPIPE)
    exit(isFailure ? V.failureStatus ?? status : status)
  }
}

/// Prints `error` as the program that `V` is; returns the exit status.
private func report<V: Verb>(_ error: any Error, of verb: V.Type) -> Int32 {
  if let status = error as? ExitCode { return status.rawValue }
  let program = V._commandName.replacing(" ", with: "-")
  if let (message, status) = failure(error) {
    StandardStreams.say("\(program): \(message)")
    return status
  }
  switch V.exitCode(for: error) {
  case .success:
    return StandardStreams.answer(V.fullMessage(for: error) + "\n")
  case .validationFailure:
    let message = ForeignWords.advised(
      V.message(for: error), help: V.helpMessage(includeHidden: true))
    let first = message.prefix(1).lowercased()
    StandardStreams.say(
      "\(program): \(first)\(message.dropFirst())\nSee '\(V._commandName) --help'.")
    return ExitStatus.usage
  default:
    StandardStreams.say("\(program): \(describe(error))")
    return ExitStatus.software
  }
}
