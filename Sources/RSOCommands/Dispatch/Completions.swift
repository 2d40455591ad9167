import ArgumentParser

/// Scripts with which a shell completes `rso VERB ...`.
package enum Completions {
  package static let shells = CompletionShell.allCases.map(\.rawValue).sorted()

  /// Nil for a shell that is not known.
  package static func script(for shell: String) -> String? {
    CompletionShell(rawValue: shell).map { Root.completionScript(for: $0) + "\n" }
  }

  /// `rso` as one command with its verbs below it, which it is for a shell alone.
  private struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rso", version: Version.current, subcommands: verbCommands.map { below($0) })
  }

  private static func below<Verb: ParsableCommand>(
    _ verb: Verb.Type
  ) -> any ParsableCommand.Type {
    Named<Verb>.self
  }

  /// A verb under the name that it has after `rso`.
  private struct Named<Verb: ParsableCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        commandName: String(Verb._commandName.dropFirst("rso ".count)),
        abstract: Verb.configuration.abstract, version: Version.current)
    }

    @OptionGroup var verb: Verb
  }
}
