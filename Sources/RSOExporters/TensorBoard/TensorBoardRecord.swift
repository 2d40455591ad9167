import RSOSystem

/// The records of TensorBoard's files: the number of bytes, its checksum, the bytes, and their checksum.
///
/// *Source:* https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
enum TensorBoardRecord {
  private static let lengthSize = 8
  private static let checksumSize = 4
  /// A larger record is taken for damage.
  private static let mostBytes = 1 << 28

  static func framed(_ data: [UInt8]) -> [UInt8] {
    let length = UInt64(data.count).littleEndianBytes
    return length + checksum(length) + data + checksum(data)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let checksum = CRC32C.checksum(bytes)
    return ((checksum >> 15 | checksum << 17) &+ 0xA282_EAD8).littleEndianBytes
  }

  /// Reads the record at a place of a file.
  ///
  /// - Returns: The data, and the place after it; nil if there is no whole record with the right checksums,
  ///   after which readers ignore the rest of the file.
  ///
  /// *Throws:* `FileReadError`.
  static func read(
    _ file: borrowing InputFile, at place: Int
  ) throws(FileReadError) -> (data: [UInt8], end: Int)? {
    let header = try file.bytes(lengthSize + checksumSize, at: place)
    guard header.count == lengthSize + checksumSize else { return nil }
    let length = Array(header.prefix(lengthSize))
    let size = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let start = place + header.count
    guard Array(header.dropFirst(lengthSize)) == checksum(length), size <= mostBytes,
      Int(size) <= file.size - start
    else { return nil }
    let rest = try file.bytes(Int(size) + checksumSize, at: start)
    let data = Array(rest.prefix(Int(size)))
    guard Array(rest.dropFirst(data.count)) == checksum(data) else { return nil }
    return (data, start + rest.count)
  }
}
