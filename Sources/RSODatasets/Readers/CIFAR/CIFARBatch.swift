import RSONumerics

/// The records of one file of the binary distribution of CIFAR-10.
struct CIFARBatch {
  /// *Shape:* 3 x 32 x 32: red, green and blue planes, each row by row.
  static let shape = ImageShape(channels: 3, height: 32, width: 32)
  /// Bytes of a record: a label and the pixels.
  static let recordSize = 1 + shape.count

  /// The file that the records came from, for messages.
  let path: String
  let labels: [UInt8]
  /// *Shape:* N x 3 x 32 x 32.
  let pixels: [UInt8]

  init(_ bytes: [UInt8], path: String) throws(CIFARError) {
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: Self.recordSize)
    guard rest == 0, count > 0 else {
      throw .notRecords(path: path, size: bytes.count, record: Self.recordSize)
    }
    self.path = path
    labels = (0..<count).map { bytes[$0 * Self.recordSize] }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * Self.shape.count)
    for index in 0..<count {
      let first = index * Self.recordSize
      pixels += bytes[(first + 1)..<(first + Self.recordSize)]
    }
    self.pixels = pixels
  }
}
