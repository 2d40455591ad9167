import RSOSystem

/// The numbers of a set of samples.
package enum SampleStorage: Sendable, Equatable {
  /// One byte per element, as images have it.
  case bytes([UInt8])
  /// Finite numbers in their own units.
  case floats([Float])

  /// The kind of numbers, in messages and in a checkpoint.
  package enum Kind: String, Sendable, Codable {
    case bytes
    case floats
  }

  package var kind: Kind {
    switch self {
    case .bytes: .bytes
    case .floats: .floats
    }
  }

  /// The number of elements.
  package var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// Consecutive elements.
  package subscript(range: Range<Int>) -> SampleStorage {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    case .floats(let floats): .floats(Array(floats[range]))
    }
  }

  /// The samples `indices`, in that order.
  ///
  /// - Parameter size: Elements of a sample.
  package func selected(_ indices: [Int], size: Int) -> SampleStorage {
    switch self {
    case .bytes(let bytes): .bytes(Self.gather(bytes, indices, size))
    case .floats(let floats): .floats(Self.gather(floats, indices, size))
    }
  }

  private static func gather<Element>(
    _ elements: [Element], _ indices: [Int], _ size: Int
  ) -> [Element] {
    var gathered: [Element] = []
    gathered.reserveCapacity(indices.count * size)
    for index in indices { gathered += elements[(index * size)..<((index + 1) * size)] }
    return gathered
  }

  /// Adds the elements to a digest: bytes as they are, floats as IEEE binary32, low byte first.
  func update(_ digest: inout SHA256) {
    switch self {
    case .bytes(let bytes): digest.update(bytes)
    case .floats(let floats): digest.update(floats)
    }
  }
}

extension SHA256 {
  /// Adds floats as IEEE binary32, low byte first.
  mutating func update(_ floats: [Float]) {
    if UInt32(1).littleEndian == 1 {
      floats.withUnsafeBytes { update($0) }
    } else {
      for float in floats {
        withUnsafeBytes(of: float.bitPattern.littleEndian) { update($0) }
      }
    }
  }
}
