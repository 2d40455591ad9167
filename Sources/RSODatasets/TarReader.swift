/// The files in a tar archive, plain or gzip, one after the other, without unpacking it.
///
/// No more memory is taken than for the content that is asked for, once the archive can hold it, and
/// no more is read than `limit` bytes. Links, devices and directories are passed over.
struct TarReader: ~Copyable {
  /// A file of the archive.
  struct Member: Equatable {
    let name: String
    let size: Int
  }

  /// The most bytes of the records or name that a header may have for its next one.
  private static let largestExtension = 1 << 16

  private var input: InflatedInput
  private let limit: Int
  /// Uncompressed bytes read so far.
  private var position = 0
  /// Where the next header begins.
  private var next = 0

  init(_ input: consuming InflatedInput, limit: Int) {
    self.input = input
    self.limit = limit
  }

  var path: String { input.path }

  /// The next file; nil after the last one, when all of the archive was read and its checksum held.
  mutating func nextMember() throws(DatasetError) -> Member? {
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

  /// All bytes of the member that was returned last.
  mutating func content(of member: Member) throws(DatasetError) -> [UInt8] {
    guard input.canHold(position + member.size) else { throw defect(.endsEarly) }
    let bytes = try input.bytes(member.size)
    position += bytes.count
    guard bytes.count == member.size else { throw defect(.endsEarly) }
    return bytes
  }

  /// The header after the member at hand; nil at the archive's end.
  private mutating func nextHeader() throws(DatasetError) -> TarHeader? {
    try skip(to: next)
    let block = try input.bytes(TarHeader.size)
    let offset = position
    position += block.count
    if block.isEmpty, offset > 0 { return nil }
    guard block.count == TarHeader.size else {
      throw defect(offset == 0 ? .notAnArchive : .endsEarly)
    }
    if offset > 0, block.allSatisfy({ $0 == 0 }) {
      // What follows is padding; its end is where gzip's checksum is.
      try skip(to: .max)
      return nil
    }
    guard let header = TarHeader(block) else {
      throw defect(offset == 0 ? .notAnArchive : .damagedHeader(offset: offset))
    }
    return header
  }

  /// Notes where the header after `size` bytes of content is, within the limit.
  private mutating func place(_ size: Int) throws(DatasetError) {
    guard size <= limit - position else { throw defect(.tooLarge(limit: limit)) }
    next = position + (size + TarHeader.size - 1) / TarHeader.size * TarHeader.size
  }

  private mutating func extensionData(_ size: Int) throws(DatasetError) -> [UInt8] {
    guard size <= Self.largestExtension else {
      throw defect(.damagedHeader(offset: position - TarHeader.size))
    }
    return try content(of: Member(name: "", size: size))
  }

  /// Reads up to this position, or to the end if that is meant.
  private mutating func skip(to end: Int) throws(DatasetError) {
    while position < end {
      let wanted = min(end - position, 1 << 16)
      let count = try input.bytes(wanted).count
      position += count
      guard position <= limit + TarHeader.size else { throw defect(.tooLarge(limit: limit)) }
      if count < wanted {
        if end == .max { return }
        throw defect(.endsEarly)
      }
    }
  }

  private func defect(_ defect: ArchiveDefect) -> DatasetError {
    .malformedArchive(path: path, defect)
  }
}
