import RSOSystem

/// Reads the files in a tar archive, plain or gzip, one after the other, without unpacking it.
///
/// Memory is taken only for content that is asked for, and only if the archive can hold it. At most
/// `limit` bytes are read. Links, devices and directories are skipped.
struct TarReader: ~Copyable {
  /// A file of the archive.
  struct Member: Equatable {
    let name: String
    let size: Int
  }

  /// The most bytes that an extended header or a long name may have.
  private static let largestExtension = 1 << 16

  private var input: InflatedInput
  private let limit: Int
  /// Uncompressed bytes read so far.
  private var position = 0
  /// The place at which the next header begins.
  private var next = 0

  init(_ input: consuming InflatedInput, limit: Int) {
    self.input = input
    self.limit = limit
  }

  var path: String { input.path }

  /// Returns the next file; nil after the last one, when the whole archive was read and its checksum
  /// was right.
  ///
  /// *Throws:* `TarError`.
  mutating func nextMember() throws(TarError) -> Member? {
    var long: String?
    var fields = TarExtension()
    while let header = try nextHeader() {
      guard let announced = header.kind == .file ? fields.size ?? header.size : header.size else {
        throw defect(.damagedHeader(offset: position - TarHeader.size))
      }
      let size = header.kind == .empty ? 0 : announced
      try place(size)
      switch header.kind {
      case .file where !fields.isSparse:
        return Member(name: fields.path ?? long ?? header.name, size: size)
      case .extended:
        let offset = position
        guard let records = TarExtension(try extensionData(size)) else {
          throw defect(.damagedHeader(offset: offset))
        }
        fields = records
      case .longName: long = TarHeader.text(try extensionData(size))
      default: (long, fields) = (nil, TarExtension())
      }
    }
    return nil
  }

  /// Returns all bytes of the member that was returned last.
  ///
  /// *Throws:* `TarError`.
  mutating func content(of member: Member) throws(TarError) -> [UInt8] {
    guard position + member.size <= input.largestSize else { throw defect(.endsEarly) }
    let bytes = try read(member.size)
    position += bytes.count
    guard bytes.count == member.size else { throw defect(.endsEarly) }
    return bytes
  }

  /// The header after the current member; nil at the archive's end.
  private mutating func nextHeader() throws(TarError) -> TarHeader? {
    try skip(to: next)
    let block = try read(TarHeader.size)
    let offset = position
    position += block.count
    if block.isEmpty, offset > 0 { return nil }
    guard block.count == TarHeader.size else {
      throw defect(offset == 0 ? .notAnArchive : .endsEarly)
    }
    if offset > 0, block.allSatisfy({ $0 == 0 }) {
      // The rest is padding; gzip's checksum is at its end.
      try skip(to: .max)
      return nil
    }
    guard let header = TarHeader(block) else {
      throw defect(offset == 0 ? .notAnArchive : .damagedHeader(offset: offset))
    }
    return header
  }

  /// Notes the position of the header after `size` bytes of content, within the limit.
  private mutating func place(_ size: Int) throws(TarError) {
    guard size <= limit - position else { throw defect(.tooLarge(limit: limit)) }
    next = position + (size + TarHeader.size - 1) / TarHeader.size * TarHeader.size
  }

  private mutating func extensionData(_ size: Int) throws(TarError) -> [UInt8] {
    guard size <= Self.largestExtension else {
      throw defect(.damagedHeader(offset: position - TarHeader.size))
    }
    return try content(of: Member(name: "", size: size))
  }

  /// Reads up to this position; to the end for `Int.max`.
  private mutating func skip(to end: Int) throws(TarError) {
    while position < end {
      let wanted = min(end - position, 1 << 16)
      let count = try read(wanted).count
      position += count
      guard position <= limit + TarHeader.size else { throw defect(.tooLarge(limit: limit)) }
      if count < wanted {
        if end == .max { return }
        throw defect(.endsEarly)
      }
    }
  }

  private mutating func read(_ count: Int) throws(TarError) -> [UInt8] {
    do throws(FileReadError) { return try input.bytes(count) } catch { throw .file(error) }
  }

  private func defect(_ defect: TarError.Defect) -> TarError {
    .malformed(path: path, defect)
  }
}
