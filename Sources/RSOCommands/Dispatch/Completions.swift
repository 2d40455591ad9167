import ArgumentParser

/// Scripts with which a shell completes `rso VERB ...`.
package enum Completions {
  package static let shells = CompletionShell.allCases.map(\.rawValue).sorted()

  /// Returns the script; nil for an unknown shell.
  package static func script(for shell: String) -> String? {
    CompletionShell(rawValue: shell).map { Root.completionScript(for: $0) + "\n" }
  }

  /// The command `rso` with its verbs as subcommands. Only completion scripts use it.
  private struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rso", version: Version.current, subcommands: Verbs.all.map { below($0) })
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
