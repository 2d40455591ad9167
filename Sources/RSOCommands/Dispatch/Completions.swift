import ArgumentParser
import RSODatasets
import RSOSearch

/// Scripts with which a shell completes `rso VERB ...`.
package enum Completions {
  package static let shells = CompletionShell.allCases.map(\.rawValue).sorted()

  /// Returns the script; nil for an unknown shell.
  package static func script(for shell: String) -> String? {
    guard let shell = CompletionShell(rawValue: shell) else { return nil }
    let script = Root.completionScript(for: shell) + "\n"
    return switch shell {
    case .bash: bash(script)
    case .zsh: zsh(script)
    default: fish(script)
    }
  }

  /// The command `rso` with its verbs as subcommands. Only completion scripts use it.
  private struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rso", version: Version.current, subcommands: Verbs.all.map { below($0) })

    @Flag(help: "Print the verbs that come with rso.") var listVerbs = false

    @Option(help: "Print the completions of a shell.", completion: .list(shells))
    var generateCompletionScript: String?
  }

  private static func below<V: Verb>(
    _ verb: V.Type
  ) -> any ParsableCommand.Type {
    Named<V>.self
  }

  /// A verb under the name that it has after `rso`.
  private struct Named<V: Verb>: ParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: V.word, abstract: V.configuration.abstract, version: Version.current)
    }

    @OptionGroup var verb: V
  }
}

extension CompletionKind {
  /// Stands in a list for the names of files, which `Completions` puts there.
  static let filesMark = "RSO_FILES"
  /// Stands for run directories, their states (`RUN@40`) and other files.
  static let runsMark = "RSO_RUNS"

  /// These words, and the names of files.
  static func files(or words: [String]) -> CompletionKind { .list(words + [filesMark]) }

  /// Names of data sets, and files.
  static var data: CompletionKind { .files(or: DatasetReaders.publishedNames) }

  /// Files, run directories, and `RUN@best`, `RUN@last` and `RUN@40`.
  static var run: CompletionKind { .list([runsMark]) }
}

extension SearchOption {
  /// The words that the option may have, and files if one can give its value; nil for numbers and free text.
  var completion: CompletionKind? {
    if choices.isEmpty { return form.lineSeparator == nil ? nil : .file() }
    return form.lineSeparator == nil ? .list(choices) : .files(or: choices)
  }
}
