import ArgumentParser
import RSOSystem

/// Decides which verb the arguments of `rso` name. The verbs of rso run in this process. Any other
/// program named `rso-VERB` is a verb, too.
package struct Dispatcher {
  /// The action that the arguments ask for.
  package enum Action: Equatable {
    /// Run the verb of this name with these arguments.
    case verb(String, [String])
    /// Replace this process by `program`. Its arguments are `inserted`, then the arguments from
    /// index `firstArgument` on.
    case run(program: String, inserted: [String], firstArgument: Int)
    /// Print this text to standard output.
    case answer(String)
    /// Print this text to standard error, and exit with status 64.
    case refuse(String)
  }

  package let finder: VerbFinder

  package init(finder: VerbFinder) {
    self.finder = finder
  }

  /// Returns the action for `arguments`, which do not include the program's name.
  package func action(for arguments: [String]) -> Action {
    guard let first = arguments.first else { return .refuse(help) }
    switch first {
    case "--help", "-h":
      return .answer(help)
    case "--version":
      return .answer("rso \(Version.current)\n")
    case "--list-verbs":
      return .answer(Verbs.all.map { $0.word + "\n" }.joined())
    case "--generate-completion-script":
      guard arguments.count == 2, let script = Completions.script(for: arguments[1]) else {
        return .refuse(
          "rso: --generate-completion-script: expected one of "
            + "\(Completions.shells.joined(separator: ", "))\nSee 'rso --help'.\n")
      }
      return .answer(script)
    case "help":
      guard arguments.count > 1 else { return .answer(help) }
      return run(arguments[1], inserted: ["--help"], firstArgument: arguments.count, [])
    default:
      if first.hasPrefix("-") {
        return .refuse("rso: unknown option '\(printable(first))'\nSee 'rso --help'.\n")
      }
      return run(first, inserted: [], firstArgument: 1, Array(arguments.dropFirst()))
    }
  }

  private func run(
    _ verb: String, inserted: [String], firstArgument: Int, _ arguments: [String]
  ) -> Action {
    if Verbs.named(verb) != nil { return .verb(verb, inserted + arguments) }
    if let program = finder.program(for: verb) {
      return .run(program: program, inserted: inserted, firstArgument: firstArgument)
    }
    let words = Verbs.all.map { $0.word } + finder.verbs() + ["help"]
    let suggestion =
      nearestMatch(to: verb, among: words).map { "; did you mean '\($0)'?" } ?? ""
    return .refuse("rso: '\(printable(verb))' is not a verb\(suggestion)\nSee 'rso --help'.\n")
  }

  private var help: String {
    let own = Verbs.all.map { ($0.word, $0.configuration.abstract) }
    let others = finder.verbs().filter { Verbs.named($0) == nil }
      .map { (printable($0), "Run the program rso-\(printable($0)).") }
    let width = (own + others).map(\.0.count).max() ?? 0
    let lines = (own + others).map { word, abstract in
      "  \(word)\(String(repeating: " ", count: width - word.count))  \(abstract)"
    }
    return """
      Train neural networks without gradients, by random search.

      USAGE: rso VERB [ARGUMENT ...]
             rso help VERB
             rso --help | --version | --list-verbs
             rso --generate-completion-script bash | fish | zsh

      VERBS:
      \(lines.joined(separator: "\n"))

      Any program named rso-VERB beside rso, in ../libexec/rso or on PATH is a verb, too.

      """
  }
}
