import Glibc
import HDF5Isolation
import Pictures
import RSODevices
import RSOSystem

/// The program `rso`, under that name or as `rso-VERB`.
package enum Program {
  /// Does what the process's arguments ask for, and exits.
  ///
  /// If the stack of the main thread is small (`ulimit -s`), another thread does it.
  package static func main() -> Never {
    StandardStreams.occupy()
    guard let stack = ProcessLimits.current.stack, stack < SystemThread.leastStack else { act() }
    do throws(SystemThread.Failure) {
      try SystemThread.detach { act() }
    } catch {
      StandardStreams.say(
        "rso: the stack has \(stack) bytes ('ulimit -s'), and no thread with a larger one can be started: "
          + "\(systemText(error.code)); 'ulimit -s 8192' in the shell that starts rso")
      exit(ExitStatus.unavailable)
    }
    // Signals are for the other thread, which may block them.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    while true { pause() }
  }

  private static func act() -> Never {
    let words = PathText.arguments()
    if words.dropFirst().first == ContentsProcess.word {
      exit(ContentsProgram.run(Array(words.dropFirst(2))))
    }
    if words.dropFirst().first == PictureProcess.word { exit(PictureProgram.run()) }
    if words.dropFirst().first == DevicesProgram.word {
      exit(DevicesProgram.run(Array(words.dropFirst(2))))
    }
    let name = Path.name(of: words.first ?? "rso")
    if name.hasPrefix("rso-"), let verb = Verbs.named(String(name.dropFirst("rso-".count))) {
      run(verb, Array(words.dropFirst()))
    }
    let path = PathText.environment("PATH") ?? ""
    let dispatcher = Dispatcher(finder: VerbFinder(executable: OwnProgram.path, path: path))
    switch dispatcher.action(for: Array(words.dropFirst())) {
    case .verb(let word, let arguments):
      guard let verb = Verbs.named(word) else { exit(ExitStatus.software) }
      run(verb, arguments)
    case .answer(let text):
      // A limit on the size of files (ulimit -f) is an error of writing.
      signal(SIGXFSZ, SIG_IGN)
      exit(StandardStreams.answer(text, of: "rso"))
    case .refuse(let text):
      StandardStreams.say(text, terminator: "")
      exit(ExitStatus.usage)
    case .run(let program, let inserted, let firstArgument):
      become(program, inserted: inserted, firstArgument: firstArgument)
      StandardStreams.say("rso: cannot run '\(printable(program))': \(systemText(errno))")
      exit(ExitStatus.cannotRun)
    }
  }

  private static func run(_ verb: any Verb.Type, _ arguments: [String]) -> Never {
    func open<V: Verb>(_ verb: V.Type) -> Never { runVerb(verb, arguments: arguments) }
    open(verb)
  }

  /// Replaces the process by `program`; returns only if that fails. The bytes of arguments stay as
  /// they are.
  private static func become(_ program: String, inserted: [String], firstArgument: Int) {
    var arguments: [UnsafeMutablePointer<CChar>?] = [withPath(program) { strdup($0) }]
    arguments += inserted.map { strdup($0) }
    arguments += PathText.arguments().dropFirst(firstArgument + 1).map { word in
      withPath(word) { strdup($0) }
    }
    arguments.append(nil)
    _ = withPath(program) { execv($0, arguments) }
  }
}
