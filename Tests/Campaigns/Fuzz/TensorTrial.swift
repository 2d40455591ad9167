import RSOTensorFiles

/// The readers of tensor files, given arbitrary bytes.
enum TensorTrial {
  /// The most bytes of a tensor that is read.
  private static let largest = 1 << 26

  static func read(_ bytes: [UInt8], as format: TensorFileFormat) {
    MemoryFile.shared.hold(bytes)
    guard let file = try? TensorFile.open(MemoryFile.shared.path, format: format) else { return }
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { part.deallocate() }
    for entry in file.entries {
      guard entry.storage != nil else {
        precondition(entry.problem?.isEmpty == false)
        continue
      }
      if let size = entry.byteCount, size > largest { continue }
      guard let reader = try? file.reader(of: entry) else { continue }
      var total = 0
      while let count = try? reader.read(into: part), count > 0 { total += count }
      precondition(entry.byteCount.map { total <= $0 } ?? true)
    }
  }
}
