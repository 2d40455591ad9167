/// What a network can be written as.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case safetensors, npz, onnx, csv, json, h5

  /// The format that a file's name ends in; nil for any other.
  package init?(path: String) {
    guard let dot = path.lastIndex(of: "."), dot > path.startIndex else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// Whether the statistics of batch norms are a part of it.
  package var needsStatistics: Bool { self != .json }
}

extension TrainedNetwork {
  /// The bytes of a file in this format.
  ///
  /// - Parameter includesNormalization: For ONNX: the graph takes bytes of images and normalises them
  ///   itself.
  ///
  /// *Reproducibility:* equal networks give equal bytes.
  package func encode(
    as format: ExportFormat, includesNormalization: Bool = false
  ) throws -> [UInt8] {
    switch format {
    case .safetensors: try safetensors()
    case .npz: try npz()
    case .onnx: try ONNXWriter.encode(self, includesNormalization: includesNormalization)
    case .csv: Array(try WeightTable.text(self).utf8)
    case .json: Array(try architecture.json()) + [UInt8(ascii: "\n")]
    case .h5: try WeightsHDF5.encode(self)
    }
  }
}
