import RSOSystem

/// Writes zip archives: members are stored uncompressed, all with the same date. Sizes of 4 GiB and more
/// are in the fields of zip64.
///
/// *Reproducibility:* equal members give equal bytes.
enum ZIPWriter {
  /// A file of a new archive.
  struct Member {
    let name: String
    /// Bytes of the content.
    let size: Int
    /// Gives the content to the sink. It is called twice, since the checksum stands before the content.
    let write: (ByteSink) throws -> Void
  }

  /// 1 January 1980, the first date of the format.
  private static let date: [UInt8] = [0, 0, 0x21, 0]
  /// A value of 4 bytes that refers to the field of zip64.
  private static let elsewhere = 0xFFFF_FFFF
  /// The flag of a name in UTF-8.
  private static let nameIsUTF8 = 1 << 11

  /// Writes an archive.
  ///
  /// *Throws:* errors of the members and of the sink; `ZIPError` for a name of more than 64 KiB.
  static func write(_ members: [Member], to sink: ByteSink) throws {
    var directory: [UInt8] = []
    var offset = 0
    for member in members {
      var checksum: UInt32 = 0
      try member.write { checksum = Deflate.checksum($0, after: checksum) }
      let name = Array(member.name.utf8)
      guard name.count <= 0xFFFF else { throw ZIPError(problem: "a name has more than 64 KiB") }
      let header = header(member, name, checksum)
      try header.write(to: sink)
      try member.write(sink)
      directory += entry(member, name, checksum, offset: offset)
      offset += header.count + member.size
    }
    try (directory + end(members.count, directory.count, offset)).write(to: sink)
  }

  private static func header(_ member: Member, _ name: [UInt8], _ checksum: UInt32) -> [UInt8] {
    // A local header has both sizes in its field of zip64, or none.
    let isLong = member.size >= elsewhere
    let long = isLong ? longField([member.size, member.size]) : []
    return littleEndian(UInt32(ZIPArchive.localSignature)) + version(isLong)
      + description(member.size, name, checksum, extra: long.count) + name + long
  }

  private static func entry(
    _ member: Member, _ name: [UInt8], _ checksum: UInt32, offset: Int
  ) -> [UInt8] {
    var long: [Int] = []
    if member.size >= elsewhere { long += [member.size, member.size] }
    if offset >= elsewhere { long.append(offset) }
    let field = long.isEmpty ? [] : longField(long)
    // No comment, first volume, no attributes.
    return littleEndian(UInt32(ZIPArchive.centralSignature)) + version(!long.isEmpty)
      + version(!long.isEmpty) + description(member.size, name, checksum, extra: field.count)
      + [UInt8](repeating: 0, count: 10) + short(offset) + name + field
  }

  /// The fields that the local header and the directory have in common.
  private static func description(
    _ size: Int, _ name: [UInt8], _ checksum: UInt32, extra: Int
  ) -> [UInt8] {
    let flags = name.allSatisfy { $0 < 0x80 } ? 0 : nameIsUTF8
    return littleEndian(UInt16(flags)) + littleEndian(UInt16(ZIPArchive.stored)) + date
      + littleEndian(checksum) + short(size) + short(size)
      + littleEndian(UInt16(name.count)) + littleEndian(UInt16(extra))
  }

  private static func end(_ count: Int, _ size: Int, _ offset: Int) -> [UInt8] {
    var end: [UInt8] = []
    if count >= 0xFFFF || size >= elsewhere || offset >= elsewhere {
      end +=
        littleEndian(UInt32(ZIPArchive.longEndSignature)) + littleEndian(UInt64(44)) + version(true)
        + version(true) + [UInt8](repeating: 0, count: 8) + littleEndian(UInt64(count))
        + littleEndian(UInt64(count)) + littleEndian(UInt64(size)) + littleEndian(UInt64(offset))
      end +=
        littleEndian(UInt32(ZIPArchive.longEndLocatorSignature)) + [0, 0, 0, 0]
        + littleEndian(UInt64(offset + size)) + [1, 0, 0, 0]
    }
    let shortCount = littleEndian(UInt16(min(count, 0xFFFF)))
    return end + littleEndian(UInt32(ZIPArchive.endSignature)) + [0, 0, 0, 0] + shortCount
      + shortCount + short(size) + short(offset) + [0, 0]
  }

  /// The version of the format that is needed to unpack: 1.0, or 4.5 for zip64.
  private static func version(_ isLong: Bool) -> [UInt8] { [isLong ? 45 : 10, 0] }

  private static func short(_ value: Int) -> [UInt8] {
    littleEndian(UInt32(min(value, elsewhere)))
  }

  private static func longField(_ values: [Int]) -> [UInt8] {
    littleEndian(UInt16(ZIPArchive.longSizesField)) + littleEndian(UInt16(8 * values.count))
      + values.flatMap { littleEndian(UInt64($0)) }
  }
}
