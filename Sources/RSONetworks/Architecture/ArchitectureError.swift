import RSONumerics

/// The reason why a description is not a network that can be evaluated, or does not fit its data.
package enum ArchitectureError: Error, Sendable, Hashable {
  /// The text is not JSON, or is too long to be a network.
  case unreadable(String)
  /// A part of the description is wrong; `position` is its path in the JSON (`layers[3].kernel`).
  case invalid(position: String, reason: String)
  case unknownPreset(String, known: [String])
  case parameterCount(network: String, expected: Int, found: Int)
  case samples(network: String, expected: ImageShape, classes: Int, found: ImageShape, Int)
}

extension ArchitectureError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let reason):
      "cannot read the architecture: \(Self.printable(reason))"
    case .invalid(let position, let reason):
      Self.printable("\(position): \(reason)")
    case .unknownPreset(let name, let known):
      Self.printable("unknown preset '\(name)'; known presets: ")
        + known.joined(separator: ", ")
    case .parameterCount(let network, let expected, let found):
      "network '\(network)' has \(expected) parameters, but \(found) values were given"
    case .samples(let network, let shape, let classes, let found, let foundClasses):
      """
      network '\(network)' takes samples of \(shape) in \(classes) classes, but the data has \
      \(found) in \(foundClasses)
      """
    }
  }

  /// Makes text from a file fit for a terminal: bounded length, no control characters.
  private static func printable(_ text: String) -> String {
    let limit = 600
    let scalars = text.unicodeScalars.prefix(limit).map { scalar in
      scalar.properties.generalCategory == .control ? "?" : Character(scalar)
    }
    return String(scalars) + (text.unicodeScalars.count > limit ? "..." : "")
  }
}
