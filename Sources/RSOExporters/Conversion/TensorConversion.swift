import HDF5
import RSOTensorFiles

/// Writes the tensors of any file in another format.
package enum TensorConversion {
  /// The formats that hold tensors without a network.
  package static let formats: [ExportFormat] = [.safetensors, .npz, .h5, .onnx]

  /// Returns why a format cannot hold a tensor of this type; nil if it can.
  package static func problem(_ type: TensorElementType, in format: ExportFormat) -> String? {
    let isHeld =
      switch format {
      case .safetensors: SafetensorsWriter.holds(type)
      case .npz: NPZWriter.holds(type)
      case .h5: number(type) != nil
      case .onnx: ONNXTensor.holds(type)
      case .csv, .json: false
      }
    return isHeld ? nil : "\(format.rawValue) has no type \(type.rawValue)"
  }

  /// Returns the bytes of a file. Texts of the metadata are carried, except by HDF5, where they are attributes.
  ///
  /// *Throws:* `TensorFileError` for names or sizes that the format cannot hold; `Failure`.
  /// *Reproducibility:* equal tensors give equal bytes.
  package static func encode(_ list: TensorList, as format: ExportFormat) throws -> [UInt8] {
    switch format {
    case .safetensors: return try SafetensorsWriter.encode(list)
    case .npz: return try NPZWriter.encode(list)
    case .h5:
      do {
        return try hdf5(list)
      } catch let error as HDF5Error {
        throw Failure(reason: "\(error)")
      }
    case .onnx: return ONNXWriter.encode(list)
    case .csv, .json:
      throw TensorFileError(format: format.rawValue, problem: "it holds no tensors")
    }
  }

  /// The reason why libhdf5 refuses a tensor, such as two of the same name.
  package struct Failure: Error {
    package let reason: String
  }

  // MARK: HDF5

  private static func number(_ type: TensorElementType) -> HDF5Number? {
    switch type {
    case .bool: .bool
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    case .int8, .int16, .int32, .int64: .integer(size: type.size, isSigned: true)
    case .uint8, .uint16, .uint32, .uint64: .integer(size: type.size, isSigned: false)
    case .complex32, .complex64, .complex128: .complex(partSize: type.size / 2)
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: nil
    }
  }

  /// Names with slashes become groups.
  private static func hdf5(_ list: TensorList) throws -> [UInt8] {
    let file = try HDF5File()
    let root = try file.root()
    for (name, text) in list.metadata.sorted(by: { $0.key < $1.key }) {
      try root.setAttribute(name, text)
    }
    try write(
      list.tensors.map { ($0.name.split(separator: "/").map(String.init)[...], $0) }, to: root)
    return try file.image()
  }

  private static func write(
    _ tensors: [(path: ArraySlice<String>, tensor: NamedTensor)], to group: borrowing HDF5Group
  ) throws {
    var groups: [(name: String, members: [(path: ArraySlice<String>, tensor: NamedTensor)])] = []
    var places: [String: Int] = [:]
    for (path, tensor) in tensors {
      guard let name = path.first else {
        throw TensorFileError(format: "HDF5", problem: "a tensor has no name")
      }
      if path.count > 1 {
        let place = places[name] ?? groups.count
        if place == groups.count { groups.append((name, [])) }
        places[name] = place
        groups[place].members.append((path.dropFirst(), tensor))
      } else if let type = number(tensor.elementType) {
        try group.write(bytes: Array(tensor.bytes), of: type, shape: tensor.shape, as: name)
      }
    }
    for (name, members) in groups { try write(members, to: try group.createGroup(name)) }
  }
}
