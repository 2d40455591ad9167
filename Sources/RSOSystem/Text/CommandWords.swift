/// Splits a command into words as a POSIX shell does, without a shell.
///
/// White space separates words. Single quotes keep everything as it is. In double quotes, a backslash
/// keeps `"`, `\`, `$` and a backquote; elsewhere it keeps any character. What only a shell understands is
/// refused, so that it is not silently taken as a word.
///
/// *Source:* POSIX.1-2017, Shell Command Language, 2.2 Quoting.
package enum CommandWords {
  /// The reasons why a text is no command.
  package enum Fault: Error, Hashable, Sendable {
    case empty
    /// A quote without its partner.
    case openQuote(Character)
    /// A backslash at the end.
    case openBackslash
    /// An unquoted character with a meaning in a shell.
    case onlyInShell(Character)
  }

  /// Returns the words of a command; at least one.
  package static func split(_ command: String) throws(Fault) -> [String] {
    var words: [String] = []
    var word: String?
    var rest = command[...]
    while let character = rest.popFirst() {
      switch character {
      case " ", "\t", "\n":
        if let finished = word { words.append(finished) }
        word = nil
      case "'":
        guard let end = rest.firstIndex(of: "'") else { throw .openQuote("'") }
        word = (word ?? "") + rest[..<end]
        rest = rest[rest.index(after: end)...]
      case "\"":
        word = (word ?? "") + (try doubleQuoted(&rest))
      case "\\":
        guard let kept = rest.popFirst() else { throw .openBackslash }
        word = (word ?? "") + String(kept)
      case _ where special.contains(character) || (word == nil && "~#".contains(character)):
        throw .onlyInShell(character)
      default:
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    guard let first = words.first, !first.isEmpty else { throw .empty }
    return words
  }

  private static let special: Set<Character> = [
    "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[",
  ]

  /// Returns the text up to the closing double quote, and removes both.
  private static func doubleQuoted(_ rest: inout Substring) throws(Fault) -> String {
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "$", "`": throw .onlyInShell(character)
      case "\\":
        guard let next = rest.popFirst() else { throw .openBackslash }
        text += ["\"", "\\", "$", "`"].contains(next) ? String(next) : "\\" + String(next)
      default: text.append(character)
      }
    }
    throw .openQuote("\"")
  }
}

extension CommandWords.Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "a program with its arguments"
    case .openQuote(let quote): "a closing \(quote)"
    case .openBackslash: "a character after the last backslash"
    case .onlyInShell(let character):
      "no unquoted \(character), which only a shell understands: put it in quotes, or begin the command with "
        + "sh -c"
    }
  }
}
