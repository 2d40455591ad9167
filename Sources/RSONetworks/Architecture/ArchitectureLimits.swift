import RSONumerics

/// Limits on a network. They keep a short description from requesting enormous memory, and products
/// of sizes from overflowing.
package enum ArchitectureLimits {
  package static let textBytes = 1 << 20
  package static let layers = 512
  package static let channels = 4096
  /// Channels of one pixel: the columns of a table, or the words of a text.
  package static let features = 1 << 16
  package static let side = 1024
  /// Elements of one activation of one sample.
  package static let elements = 1 << 24
  package static let kernel = 63
  package static let parameters = 100_000_000
  /// Classes, labels or numbers of a sample.
  package static let classes = Targets.maximumOutputs
  package static let nameLength = 64
}
