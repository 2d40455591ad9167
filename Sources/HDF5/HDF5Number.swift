internal import CHDF5

/// A type of numbers of a dataset that is written from bytes.
package enum HDF5Number: Sendable, Hashable {
  case float16, bfloat16, float32, float64
  /// 1, 2, 4 or 8 bytes.
  case integer(size: Int, isSigned: Bool)
  /// h5py's truth values: an enumeration of FALSE and TRUE, a byte each.
  case bool
  /// h5py's complex numbers. Each part has 2, 4 or 8 bytes.
  case complex(partSize: Int)

  /// Bytes of one element.
  package var size: Int {
    switch self {
    case .bool: 1
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    case .integer(let size, _): size
    case .complex(let partSize): 2 * partSize
    }
  }

  /// The type in the file, little-endian.
  func storedType() throws(HDF5Error) -> Handle {
    try Handle("describe a type of numbers") {
      switch self {
      case .float16: chdf5_ieee_float16()
      case .bfloat16: chdf5_bfloat16()
      case .float32: H5Tcopy(chdf5_float32())
      case .float64: H5Tcopy(chdf5_float64())
      case .integer(let size, let isSigned):
        H5Tcopy(chdf5_stored_integer(size, isSigned ? 1 : 0))
      case .bool: chdf5_truth()
      case .complex(let partSize): chdf5_complex(partSize)
      }
    }
  }
}
