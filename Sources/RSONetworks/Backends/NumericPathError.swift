import RSOSystem

/// The reason why a precision or a numeric path cannot be used.
package enum NumericPathError: Error, Sendable, Hashable {
  /// No path of this precision is offered here. `needs`: instructions, any of which would do; `has`:
  /// what computes here.
  case precisionUnavailable(Precision, needs: [String], has: String)
  case unavailable(NumericPath, has: String)
  /// A name from a file that this version does not know.
  case unknown(String, known: [String])
}

extension NumericPathError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .precisionUnavailable(let precision, let needs, let has):
      """
      cannot compute in \(precision.name) here: it needs \(needs.joined(separator: " or ")), \
      and this machine has \(has)
      """
    case .unavailable(let path, let has):
      """
      cannot compute on numeric path '\(path.name)' here: it needs \
      \(path.requirement ?? "a device"), and this machine has \(has)
      """
    case .unknown(let name, let known):
      """
      unknown numeric path \(quoted(name)); known numeric paths: \
      \(known.joined(separator: ", "))
      """
    }
  }
}
