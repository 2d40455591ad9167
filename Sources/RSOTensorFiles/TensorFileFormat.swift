/// The formats of files with tensors.
package enum TensorFileFormat: String, Sendable, Hashable, CaseIterable {
  case safetensors, npz, npy, pytorch, gguf, onnx, hdf5, keras

  /// The name in messages and tables.
  package var title: String {
    switch self {
    case .safetensors, .npz, .npy: rawValue
    case .pytorch: "PyTorch"
    case .gguf: "GGUF"
    case .onnx: "ONNX"
    case .hdf5: "HDF5"
    case .keras: "Keras"
    }
  }

  /// The number of bytes at the start of a file that tell its format.
  package static let startSize = 16

  /// Finds the format by a file's first bytes, whatever its name. Returns nil for any other format.
  ///
  /// A zip archive is taken for npz; only its members tell if it is PyTorch's.
  package init?(of bytes: [UInt8]) {
    if bytes.starts(with: Array("PK".utf8) + [3, 4])
      || bytes.starts(with: Array("PK".utf8) + [5, 6])
    {
      self = .npz
    } else if bytes.starts(with: NPYArray.magic) {
      self = .npy
    } else if bytes.starts(with: GGUFReader.magic) {
      self = .gguf
    } else if bytes.starts(with: Self.hdf5Signature) || bytes.starts(with: "rso checkpoint ".utf8) {
      self = .hdf5
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else if bytes.first == 0x08 {
      // A protocol buffer whose first field is number 1, an integer: ONNX begins with its version.
      self = .onnx
    } else {
      return nil
    }
  }

  /// True where the bytes are a mark of the format; false where they only suggest it.
  func isCertain(of bytes: [UInt8]) -> Bool {
    switch self {
    case .npz, .npy, .pytorch, .gguf, .hdf5, .keras: true
    // The upper half of a header's size in 8 bytes.
    case .safetensors: bytes.count > 8 && bytes[4..<8].allSatisfy { $0 == 0 }
    case .onnx: false
    }
  }

  private static let hdf5Signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}
