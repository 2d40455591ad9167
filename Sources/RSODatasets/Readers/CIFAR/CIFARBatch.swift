import RSONumerics

/// The records of one file of the binary distributions of CIFAR-10 and CIFAR-100.
struct CIFARBatch {
  /// *Shape:* 3 x 32 x 32: red, green and blue planes, each row by row.
  static let shape = ImageShape(channels: 3, height: 32, width: 32)
  /// The file that the records came from, for messages.
  let path: String
  let labels: [UInt8]
  /// *Shape:* N x 3 x 32 x 32.
  let pixels: [UInt8]

  /// - Parameters:
  ///   - labelBytes: The number of labels in front of the pixels of a record, one byte each.
  ///   - label: The index of the label that is kept.
  ///
  /// *Throws:* `CIFARError.notRecords`.
  init(
    _ bytes: [UInt8], path: String, labelBytes: Int = 1, label: Int = 0
  ) throws(CIFARError) {
    let recordSize = labelBytes + Self.shape.count
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: recordSize)
    guard rest == 0, count > 0 else {
      throw .notRecords(path: path, size: bytes.count, record: recordSize)
    }
    self.path = path
    labels = (0..<count).map { bytes[$0 * recordSize + label] }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * Self.shape.count)
    for index in 0..<count {
      let first = index * recordSize
      pixels += bytes[(first + labelBytes)..<(first + recordSize)]
    }
    self.pixels = pixels
  }

  /// The batches' images and labels as one set.
  ///
  /// *Throws:* `CIFARError.unknownClass`.
  static func set(of batches: [CIFARBatch], classes: Int) throws(CIFARError) -> SampleSet {
    for batch in batches {
      if let index = batch.labels.firstIndex(where: { $0 >= classes }) {
        throw .unknownClass(
          path: batch.path, index: index, label: Int(batch.labels[index]), classes: classes)
      }
    }
    return SampleSet(
      shape: shape, classes: classes, pixels: batches.flatMap(\.pixels),
      labels: batches.flatMap(\.labels))
  }
}
