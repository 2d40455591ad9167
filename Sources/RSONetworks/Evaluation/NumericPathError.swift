/// Why there is no evaluator of the arithmetic that was asked for.
package enum NumericPathError: Error, Sendable, Hashable {
  /// `needs`: what a processor would have to have; `has`: what there is.
  case precisionUnavailable(Precision, needs: [String], has: String)
  case unavailable(NumericPath, has: String)
  /// A name from a file that no version so far knows, or only a later one.
  case unknown(String)
}

extension NumericPathError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .precisionUnavailable(let precision, let needs, let has):
      """
      cannot compute in \(precision.rawValue) here: it needs kernels for \
      \(needs.joined(separator: " or ")), and this processor's are \(has)
      """
    case .unavailable(let path, let has):
      """
      cannot compute in \(path.rawValue) here: it needs kernels for \
      \(path.requirement ?? "it"), and this processor's are \(has)
      """
    case .unknown(let name):
      """
      unknown numeric path '\(Self.printable(name))'; known are \
      \(NumericPath.allCases.map(\.rawValue).joined(separator: ", "))
      """
    }
  }

  /// Text from a file, made fit for a terminal.
  private static func printable(_ text: String) -> String {
    String(
      text.unicodeScalars.prefix(40).map { scalar in
        scalar.properties.generalCategory == .control ? "?" : Character(scalar)
      })
  }
}
