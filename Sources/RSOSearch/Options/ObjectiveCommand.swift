import RSOSystem

/// The command of a program that computes the objective, with digests of the files that it names. Not in the
/// paper.
///
/// As text: the command, or `none`. A command from a file is never run: the user has to give it.
///
/// The objective of a program that uses rso as a library has a name in place of a command.
package struct ObjectiveCommand: Sendable, Hashable, Codable {
  /// A file that a word of the command names.
  package struct File: Sendable, Hashable, Codable {
    /// The word.
    package var name: String
    /// The SHA-256 of the file's content, as 64 hexadecimal digits.
    package var sha256: String

    package init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The command as the user has given it; empty for none.
  package private(set) var command = ""
  /// The files at the beginning of the run, in the order of the words.
  package var files: [File] = []
  /// The name of an objective that the program computes which uses rso as a library; nil for a command.
  package private(set) var name: String?

  package init() {}

  /// The objective of a program that uses rso as a library.
  package init(named name: String) { self.name = name }

  package init(_ command: String, files: [File] = []) {
    self.command = command
    self.files = files
  }

  package var isNone: Bool { command.isEmpty && name == nil }

  /// Bytes that a command may have.
  static let mostBytes = 4096

  /// The problem with the command; nil if there is none.
  var problem: String? {
    if let name {
      let isName =
        !name.isEmpty && name.utf8.count <= Self.mostBytes && printable(name) == name
      return command.isEmpty && files.isEmpty && isName
        ? nil : "a name without control characters, of 1 to \(Self.mostBytes) bytes, and no command"
    }
    guard !isNone else { return files.isEmpty ? nil : "a command beside the digests of its files" }
    guard command.utf8.count <= Self.mostBytes else { return "at most \(Self.mostBytes) bytes" }
    guard printable(command) == command else { return "a command without control characters" }
    let words: [String]
    do { words = try CommandWords.split(command) } catch { return "\(error)" }
    let areDigests = files.allSatisfy { file in
      words.contains(file.name) && file.sha256.utf8.count == 2 * SHA256.size
        && file.sha256.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
    return areDigests ? nil : "digests of files that the command names"
  }
}

extension ObjectiveCommand: LosslessStringConvertible, OptionValue {
  package init?(_ text: String) {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    command = text == "none" ? "" : text
  }

  package var description: String {
    name.map { "of a program, '\($0)'" } ?? (isNone ? "none" : command)
  }
}

extension OptionRange where Value == ObjectiveCommand {
  static var objective: OptionRange {
    OptionRange { value, _, _ in
      value.problem.map { Violation(value: value.optionText, expected: $0) }
    }
  }
}
