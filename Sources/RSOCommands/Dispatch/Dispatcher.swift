import ArgumentParser
import Foundation

/// `rso`: turns `rso VERB ...` into `rso-VERB ...`, so that anybody can add a verb by adding a program.
package struct Dispatcher {
  /// What the arguments ask for.
  package enum Action: Equatable {
    /// Become `program`, called with its name and the arguments from `firstArgument` on, preceded
    /// by `inserted`.
    case run(program: String, inserted: [String], firstArgument: Int)
    case answer(String)
    case refuse(String)
  }

  package let finder: VerbFinder

  package init(finder: VerbFinder) {
    self.finder = finder
  }

  /// The verbs that come with rso, with what they say of themselves.
  private static let descriptions = Dictionary(
    uniqueKeysWithValues: verbCommands.map {
      (String($0._commandName.dropFirst("rso ".count)), $0.configuration.abstract)
    })

  /// Decides what `arguments`, the program's name left out, mean.
  package func action(for arguments: [String]) -> Action {
    guard let first = arguments.first else { return .refuse(help) }
    switch first {
    case "--help", "-h":
      return .answer(help)
    case "--version":
      return .answer("rso \(Version.current)\n")
    case "--generate-completion-script":
      guard arguments.count == 2, let script = Completions.script(for: arguments[1]) else {
        return .refuse(
          "rso: --generate-completion-script: expected one of "
            + "\(Completions.shells.joined(separator: ", "))\nSee 'rso --help'.\n")
      }
      return .answer(script)
    case "help":
      guard arguments.count > 1 else { return .answer(help) }
      return run(arguments[1], inserted: ["--help"], firstArgument: arguments.count)
    default:
      if first.hasPrefix("-") {
        return .refuse("rso: unknown option '\(first)'\nSee 'rso --help'.\n")
      }
      return run(first, inserted: [], firstArgument: 1)
    }
  }

  private func run(_ verb: String, inserted: [String], firstArgument: Int) -> Action {
    if let program = finder.program(for: verb) {
      return .run(program: program, inserted: inserted, firstArgument: firstArgument)
    }
    let nearest = nearestMatch(to: verb, among: finder.verbs() + ["help"])
    let suggestion = nearest.map { "; did you mean '\($0)'?" } ?? ""
    return .refuse("rso: '\(verb)' is not a verb\(suggestion)\nSee 'rso --help'.\n")
  }

  private var help: String {
    let verbs = finder.verbs()
    let width = verbs.map(\.count).max() ?? 0
    let lines = verbs.map { verb in
      let padded = verb.padding(toLength: width, withPad: " ", startingAt: 0)
      return "  \(padded)  \(Self.descriptions[verb] ?? "Run rso-\(verb).")"
    }
    return """
      Train neural networks without gradients, by random search.

      USAGE: rso VERB [ARGUMENT ...]
             rso help VERB
             rso --help | --version
             rso --generate-completion-script bash | fish | zsh

      VERBS:
      \(lines.isEmpty ? "  (no program named rso-VERB was found)" : lines.joined(separator: "\n"))

      Any program named rso-VERB beside rso, in ../libexec/rso or on PATH is a verb.

      """
  }
}

extension Dispatcher {
  /// Runs `rso` with the arguments of the process; returns only if it did not become another
  /// program.
  package static func main() -> Int32 {
    StandardStreams.occupy()
    let executable = Bundle.main.executablePath ?? CommandLine.arguments.first ?? "rso"
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let finder = VerbFinder(executable: executable, path: path)
    switch Dispatcher(finder: finder).action(for: Array(CommandLine.arguments.dropFirst())) {
    case .answer(let text):
      return StandardStreams.answer(text)
    case .refuse(let text):
      StandardStreams.say(text, terminator: "")
      return ExitStatus.usage
    case .run(let program, let inserted, let firstArgument):
      become(program, inserted: inserted, firstArgument: firstArgument)
      let reason = String(cString: strerror(errno))
      StandardStreams.say("rso: cannot run '\(program)': \(reason)")
      return ExitStatus.cannotRun
    }
  }

  /// Replaces the process; returns only when that fails. Arguments pass through as the bytes that
  /// they are.
  private static func become(_ program: String, inserted: [String], firstArgument: Int) {
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program)]
    arguments += inserted.map { strdup($0) }
    let count = Int(CommandLine.argc)
    for index in (firstArgument + 1)..<max(count, firstArgument + 1) {
      arguments.append(CommandLine.unsafeArgv[index])
    }
    arguments.append(nil)
    execv(program, arguments)
  }
}
