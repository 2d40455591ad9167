import RSOSystem
import RSOTensorFiles

/// Writes the tensors of any file in another format.
///
/// *Memory:* descriptions, 1 MB of elements at a time, and texts. Elements are read while they are written; for
/// npz twice, since checksums stand before them.
package enum TensorConversion {
  /// The formats that hold tensors without a network.
  package static let formats: [ExportFormat] = [.safetensors, .npz, .h5, .onnx]

  /// The most bytes of one array of texts.
  private static let largestTexts = 1 << 26

  /// Returns why a format cannot hold elements of this type; nil if it can.
  package static func problem(_ type: TensorType, in format: ExportFormat) -> String? {
    if case .other(let name) = type { return "elements of type \(name) are not decoded" }
    let isHeld =
      switch (format, type.element) {
      case (.safetensors, let type?): SafetensorsWriter.holds(type)
      case (.npz, let type?): NPZWriter.holds(type)
      case (.h5, let type?): TensorHDF5.number(type) != nil
      case (.onnx, let type?): ONNXTensor.holds(type)
      case (let format, nil): format != .safetensors
      case (.csv, _), (.json, _): false
      }
    return isHeld ? nil : "\(format.rawValue) has no type \(type.name)"
  }

  /// Writes a new file. Texts of the metadata are carried; in HDF5 they are attributes. An HDF5 file is made by
  /// libhdf5, and its numbers are then written to their places.
  ///
  /// - Parameter file: The entries that are to be written; the format must hold their types.
  ///
  /// *Throws:* `TensorFileError` for names or sizes that the format cannot hold, and for elements that cannot be
  /// read; `Failure`; errors of the new file.
  /// *Reproducibility:* equal tensors give equal bytes.
  package static func write(
    _ file: TensorFile, as format: ExportFormat, to new: NewFile
  ) throws {
    guard format == .h5 else { return try write(file, as: format, to: { try new.write($0) }) }
    let (numbers, texts) = try separated(file)
    for (entry, offset) in try TensorHDF5.create(numbers, texts, at: new.path) {
      try new.seek(to: offset)
      try numbers.copyElements(of: entry) { try new.write($0) }
    }
  }

  /// Gives the bytes of a file to a sink. An HDF5 file is in memory first.
  ///
  /// *Throws:* as above; errors of the sink.
  package static func write(
    _ file: TensorFile, as format: ExportFormat, to sink: ByteSink
  ) throws {
    let (numbers, texts) = try separated(file)
    switch format {
    case .safetensors: try SafetensorsWriter.write(numbers, to: sink)
    case .npz: try NPZWriter.write(numbers, texts: texts, to: sink)
    case .onnx: try ONNXInitializers.write(numbers, texts: texts, to: sink)
    case .h5:
      var (image, places) = try TensorHDF5.image(numbers, texts)
      for (entry, offset) in places {
        var end = offset
        try numbers.copyElements(of: entry) { part in
          image.replaceSubrange(end..<end + part.count, with: part)
          end += part.count
        }
      }
      try image.write(to: sink)
    case .csv, .json:
      throw TensorFileError(format: format.rawValue, problem: "it holds no tensors")
    }
  }

  /// The reason why libhdf5 refuses a tensor, such as two of the same name.
  package struct Failure: Error {
    package let reason: String
  }

  private static func separated(
    _ file: TensorFile
  ) throws -> (numbers: TensorFile, texts: [NPZWriter.Texts]) {
    var numbers = file
    numbers.entries.removeAll { $0.type == .text }
    let texts = try file.entries.filter { $0.type == .text }.map { entry in
      (entry.name, entry.shape, try file.texts(of: entry, maximumSize: largestTexts))
    }
    return (numbers, texts)
  }
}
