/// A type of numbers of a dataset that is written from bytes.
package enum HDF5Number: Sendable, Hashable {
  case float32, float64
  /// 1, 2, 4 or 8 bytes.
  case integer(size: Int, isSigned: Bool)

  /// Bytes of one element.
  package var size: Int {
    switch self {
    case .float32: 4
    case .float64: 8
    case .integer(let size, _): size
    }
  }
}
