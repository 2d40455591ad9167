/// The numbers of an entry of a search's state.
package enum StateValues: Sendable {
  case float32([Float])
  case float64([Double])
  case int64([Int])

  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int64(let values): values.count
    }
  }

  /// The numbers as they are compared and shown.
  package var doubles: [Double] {
    switch self {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int64(let values): values.map(Double.init)
    }
  }

  /// The numbers as they are stored: little-endian, IEEE 754 or two's complement.
  package var bytes: [UInt8] {
    switch self {
    case .float32(let values): Self.littleEndian(values.map(\.bitPattern))
    case .float64(let values): Self.littleEndian(values.map(\.bitPattern))
    case .int64(let values): Self.littleEndian(values.map(Int64.init))
    }
  }

  /// True if both are of one type and have the same bits.
  package func isIdentical(to other: StateValues) -> Bool {
    switch (self, other) {
    case (.float32, .float32), (.float64, .float64), (.int64, .int64): bytes == other.bytes
    default: false
    }
  }

  private static func littleEndian(_ values: [some FixedWidthInteger]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes(Array.init)
  }
}
