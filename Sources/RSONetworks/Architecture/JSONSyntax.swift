import FoundationEssentials

/// Finds what is wrong with the form of a JSON text.
package enum JSONSyntax {
  /// Returns the place of the first syntax error and what was expected there, after `: `; nothing
  /// where the syntax is right. JSONDecoder does not tell it.
  ///
  ///     : line 2, column 3: expected a key in quotes, found 'oops'
  package static func complaint(about text: Data) -> String {
    var scanner = JSONScanner(text)
    do {
      try scanner.scan()
      return ""
    } catch {
      return ": line \(error.line), column \(error.column): \(error.reason)"
    }
  }

  /// Returns a key that an object has twice; nil if the text has none before its first syntax error.
  /// Decoders take one of the two values without an error.
  package static func repeatedKey(in text: Data) -> String? {
    var scanner = JSONScanner(text)
    try? scanner.scan()
    return scanner.repeatedKey
  }

  /// Returns the line and column at which the value with this path begins; nil if the text has none.
  ///
  /// - Parameter path: As in `ArchitectureError.invalid`: `layers[3].kernel`.
  package static func place(of path: String, in text: Data) -> (line: Int, column: Int)? {
    var scanner = JSONScanner(text, placeOf: path == SpecificationReader.root ? "" : path)
    try? scanner.scan()
    return scanner.found.map { ($0.line, $0.column) }
  }
}
