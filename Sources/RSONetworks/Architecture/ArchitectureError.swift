import RSONumerics
import RSOSystem

/// The reason why a description is not a network that can be evaluated, or does not fit its data.
package enum ArchitectureError: Error, Sendable, Hashable {
  /// The text is not JSON, or is too long to be a network.
  case unreadable(String)
  /// A part of the description is wrong; `position` is its path in the JSON (`layers[3].kernel`). `key` is the key
  /// of that object that the reason is about; nil if it is about the whole object.
  case invalid(position: String, reason: String, key: String? = nil)
  /// There are only parameters: a program that uses rso as a library computes with them.
  case noNetwork(String)
  case unknownPreset(String, known: [String])
  case parameterCount(network: String, expected: Int, found: Int)
  case samples(network: String, expected: ImageShape, classes: Int, found: ImageShape, Int)
}

extension ArchitectureError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let reason):
      "cannot read the architecture: \(printable(reason, limit: Self.longest))"
    case .invalid(let position, let reason, _):
      printable("\(position): \(reason)", limit: Self.longest)
    case .noNetwork(let name):
      "\(quoted(name)) is no network but parameters of a program that uses rso as a library; only that program "
        + "can compute with them"
    case .unknownPreset(let name, let known):
      "unknown preset \(quoted(name)); known presets: " + known.joined(separator: ", ")
    case .parameterCount(let network, let expected, let found):
      "network '\(network)' has \(expected) parameters, but \(found) values were given"
    case .samples(let network, let shape, let classes, let found, let foundClasses):
      """
      network '\(network)' takes samples of \(shape) in \(classes) classes, but the data has \
      \(found) in \(foundClasses)
      """
    }
  }

  /// The most scalars of a text that names words of the file.
  private static let longest = 600
}
