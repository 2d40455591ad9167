import RSOSystem

/// Writes zip archives: members are stored uncompressed, all with the same date.
///
/// *Reproducibility:* equal members give equal bytes.
enum ZIPWriter {
  /// 1 January 1980, the first date of the format.
  private static let date: [UInt8] = [0, 0, 0x21, 0]
  /// The version of the format that is needed to unpack: 1.0.
  private static let version: [UInt8] = [10, 0]

  /// Returns the bytes of an archive.
  ///
  /// *Throws:* `ZIPError` for more than 65,535 members or 4 GiB, the limits of the format.
  static func encode(_ members: [ZIPArchive.Member]) throws(ZIPError) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      guard let offset = UInt32(exactly: archive.count),
        let size = UInt32(exactly: member.bytes.count)
      else { throw ZIPError(problem: "more than 4 GiB") }
      let name = Array(member.name.utf8)
      let shared =
        [0, 0] + littleEndian(UInt16(ZIPArchive.stored)) + date
        + littleEndian(Deflate.checksum(member.bytes)) + littleEndian(size) + littleEndian(size)
        + littleEndian(UInt16(name.count)) + [0, 0]
      archive += littleEndian(UInt32(ZIPArchive.localSignature)) + version + shared + name
      archive += member.bytes
      directory += littleEndian(UInt32(ZIPArchive.centralSignature)) + version + version + shared
      // No comment, first volume, no attributes.
      directory += [UInt8](repeating: 0, count: 10) + littleEndian(offset) + name
    }
    guard let offset = UInt32(exactly: archive.count), let count = UInt16(exactly: members.count)
    else { throw ZIPError(problem: "more than 4 GiB or 65,535 members") }
    return archive + directory + littleEndian(UInt32(ZIPArchive.endSignature)) + [0, 0, 0, 0]
      + littleEndian(count) + littleEndian(count) + littleEndian(UInt32(directory.count))
      + littleEndian(offset) + [0, 0]
  }
}
