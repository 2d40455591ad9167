internal import CHDF5

/// The number types that are read and written; little-endian in the file.
package enum HDF5ElementType: String, Sendable, Hashable, CaseIterable {
  case float32, float64, int64, uint64

  /// Bytes of one element.
  package var size: Int { self == .float32 ? 4 : 8 }

  /// The type of an element in the file. Call it within `HDF5Library.call`.
  var stored: hid_t {
    switch self {
    case .float32: chdf5_float32()
    case .float64: chdf5_float64()
    case .int64: chdf5_int64()
    case .uint64: chdf5_uint64()
    }
  }

  /// The type of an element in memory. Call it within `HDF5Library.call`.
  var native: hid_t {
    switch self {
    case .float32: chdf5_native_float32()
    case .float64: chdf5_native_float64()
    case .int64: chdf5_native_int64()
    case .uint64: chdf5_native_uint64()
    }
  }
}

/// A number that datasets and attributes can hold. Its bytes in memory are its whole value.
package protocol HDF5Element: BitwiseCopyable, Sendable, ExpressibleByIntegerLiteral {
  static var hdf5Type: HDF5ElementType { get }
}

extension Float: HDF5Element {
  package static var hdf5Type: HDF5ElementType { .float32 }
}

extension Double: HDF5Element {
  package static var hdf5Type: HDF5ElementType { .float64 }
}

extension Int64: HDF5Element {
  package static var hdf5Type: HDF5ElementType { .int64 }
}

extension UInt64: HDF5Element {
  package static var hdf5Type: HDF5ElementType { .uint64 }
}
