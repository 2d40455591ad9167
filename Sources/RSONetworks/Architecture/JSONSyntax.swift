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

  /// Returns the place of the first key that its object already has, and the key, as in `line 2, column 3: an object
  /// has the key 'kernel' twice`; nil if the text has none before its first syntax error. Decoders take one of the
  /// two values without an error.
  package static func repeatedKey(in text: Data) -> String? {
    var scanner = JSONScanner(text)
    try? scanner.scan()
    return scanner.repeated.map { "line \($0.line), column \($0.column): \($0.reason)" }
  }

  /// Returns the line and column at which the value with this path begins; nil if the text has none.
  ///
  /// - Parameters:
  ///   - path: As in `ArchitectureError.invalid`: `layers[3].kernel`.
  ///   - key: A key of the object with this path, whose value is meant; nil: the object is.
  package static func place(
    of path: String, key: String? = nil, in text: Data
  ) -> (line: Int, column: Int)? {
    let path = path == SpecificationReader.root ? "" : path
    let whole = key.map { path.isEmpty ? $0 : "\(path).\($0)" } ?? path
    var scanner = JSONScanner(text, placeOf: whole)
    try? scanner.scan()
    return scanner.found.map { ($0.line, $0.column) }
  }
}
