import RSOSystem

/// The numbers of a set of samples, in the form in which they were stored.
///
/// The seam for other kinds of numbers: floats, of tables and of some images, become a case here.
/// README.md names the places that depend on the kind.
package enum SampleStorage: Sendable, Equatable {
  /// A byte per element.
  case bytes([UInt8])

  /// The number of elements.
  package var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    }
  }

  /// Returns the first elements; all where there are no more.
  package func prefix(_ count: Int) -> SampleStorage {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes.prefix(count)))
    }
  }

  /// Adds the elements to a digest, as they are stored.
  func update(_ digest: inout SHA256) {
    switch self {
    case .bytes(let bytes): digest.update(bytes)
    }
  }
}
