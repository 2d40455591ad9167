/// The formats that a network is exported to.
package enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case safetensors, npz, onnx, csv, json, h5

  /// Finds the format by the extension of a file's name. Returns nil for any other name.
  package init?(path: String) {
    guard let dot = path.lastIndex(of: "."), dot > path.startIndex else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// True if the format contains batch-norm statistics.
  package var needsStatistics: Bool { self != .json }

  /// True if binary, ternary and int8 weights are written as `IntegerWeights`.
  package var holdsIntegers: Bool { [.safetensors, .npz, .onnx].contains(self) }
}

extension TrainedNetwork {
  /// Returns the bytes of a file in this format.
  ///
  /// - Parameter includesNormalization: ONNX only: the graph takes samples as they are, bytes of
  ///   images or floats, and normalises them.
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
