import RSOSystem

/// The numbers of a set of samples, as they were stored.
///
/// To support other kinds of numbers, such as floats, add a case here. README.md names the places
/// that depend on the kind.
package enum SampleStorage: Sendable, Equatable {
  /// One byte per element.
  case bytes([UInt8])

  /// The number of elements.
  package var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    }
  }

  /// Returns the first `count` elements; all of them if there are fewer.
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
