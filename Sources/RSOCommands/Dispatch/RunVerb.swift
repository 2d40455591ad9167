import ArgumentParser
import Glibc
import RSORanks

/// Runs a verb, reports its errors, and exits.
///
/// - Parameter arguments: The arguments after the verb.
func runVerb<V: Verb>(_ verb: V.Type, arguments: [String]) -> Never {
  // A reader that goes away makes a write fail. It must not end a program that has work to save.
  signal(SIGPIPE, SIG_IGN)
  // A limit on the size of files (ulimit -f) then is an error of writing as well, EFBIG.
  signal(SIGXFSZ, SIG_IGN)
  do {
    var command = try V.parseAsRoot(arguments)
    try command.run()
    leave(0)
  } catch {
    let status = report(error, of: V.self)
    // An exit status that a command throws is a result, and help is not a failure.
    let isFailure = !(error is ExitCode) && status != 0 && status != ExitStatus.signal(SIGPIPE)
    leave(isFailure ? V.failureStatus ?? status : status)
  }
}

/// Exits, after the end of MPI where other processes share the work.
private func leave(_ status: Int32) -> Never {
  MPIRanks.finish(status: status)
  exit(status)
}

/// Prints `error` after the verb's name, and returns the exit status.
private func report<V: Verb>(_ error: any Error, of verb: V.Type) -> Int32 {
  if let status = error as? ExitCode { return status.rawValue }
  let program = V.program
  if let (message, status) = failure(error) {
    StandardStreams.say("\(program): \(message)")
    return status
  }
  switch V.exitCode(for: error) {
  case .success:
    return StandardStreams.answer(V.fullMessage(for: error) + "\n", of: program)
  case .validationFailure:
    let message = ForeignWords.advised(
      V.message(for: error), help: V.helpMessage(includeHidden: true))
    let first = message.prefix(1).lowercased()
    StandardStreams.say(
      "\(program): \(first)\(message.dropFirst())\nSee '\(V._commandName) --help'.")
    return ExitStatus.usage
  default:
    StandardStreams.say("\(program): \(reason(error))")
    return ExitStatus.software
  }
}
