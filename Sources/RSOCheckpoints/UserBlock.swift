import RSOSystem

/// The 512 bytes before the HDF5 part of a checkpoint file: four lines of ASCII text, filled up with
/// NULs.
///
///     rso checkpoint 2.3
///     length 123456
///     sha256 0123456789abcdef...  (64 digits)
///     generator rso 1.0.0
///
/// `length` is the size of the whole file in bytes, decimal, without leading zeros. `sha256` is the
/// SHA-256, in lower case hexadecimal, of the whole file, user block included, with the 64 digits
/// themselves replaced by 64 characters `0`. The HDF5 part begins at byte 512; its superblock says so
/// (base address 512).
package struct UserBlock: Sendable, Hashable {
  package static let size = 512
  package static let magic = "rso checkpoint "
  private static let blankDigest = String(repeating: "0", count: 64)

  package var version: FormatVersion
  /// Bytes of the whole file.
  package var length: Int
  /// 64 hexadecimal digits.
  package var sha256: String
  /// The program that wrote the file, and its version: `rso 1.0.0`.
  package var generator: String

  package init(version: FormatVersion, length: Int, sha256: String, generator: String) {
    self.version = version
    self.length = length
    self.sha256 = sha256
    self.generator = generator
  }

  /// The block, or nil if the generator is not one line of at most 256 printable ASCII characters.
  package var bytes: [UInt8]? {
    let isPrintable = generator.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    guard isPrintable, (1...256).contains(generator.utf8.count) else { return nil }
    let text = """
      \(Self.magic)\(version)
      length \(length)
      sha256 \(sha256)
      generator \(generator)

      """
    return Array(text.utf8) + [UInt8](repeating: 0, count: Self.size - text.utf8.count)
  }

  /// Returns a whole file: the user block, then `image`, an HDF5 file that was made with a user
  /// block of this size. Returns nil for an unusable generator.
  package static func seal(
    _ image: [UInt8], generator: String, version: FormatVersion = CheckpointSchema.version
  ) -> [UInt8]? {
    var block = UserBlock(
      version: version, length: size + image.count, sha256: blankDigest,
      generator: generator)
    guard let blank = block.bytes else { return nil }
    block.sha256 = digest(block: blank, rest: image[...])
    return block.bytes.map { $0 + image }
  }

  /// Reads and checks the user block of a whole file, up to and including its digest.
  package init(of file: [UInt8], path: String) throws(CheckpointError) {
    try self.init(unchecked: file, path: path)
    guard file.count >= length else {
      throw .truncated(path: path, expected: length, found: file.count)
    }
    var blank = self
    blank.sha256 = Self.blankDigest
    guard file.count == length, let blankBytes = blank.bytes,
      Self.digest(block: blankBytes, rest: file[Self.size...]) == sha256
    else { throw .modified(path: path) }
  }

  /// Reads the user block, but does not check the length and digest of the file.
  init(unchecked file: [UInt8], path: String) throws(CheckpointError) {
    guard file.starts(with: Self.magic.utf8) else {
      throw Self.isHDF5(file) ? .notCheckpoint(path: path) : .notHDF5(path: path)
    }
    let block = file.prefix(Self.size)
    let lines = block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .prefix(4).compactMap { String(validating: $0, as: UTF8.self) }
    guard let first = lines.first,
      let version = FormatVersion(first.dropFirst(Self.magic.utf8.count))
    else { throw .damagedHeader(path: path) }
    // The first line is all that other major versions promise to share.
    guard version.major <= CheckpointSchema.version.major else {
      throw .newerVersion(path: path, found: version, supported: CheckpointSchema.version)
    }
    guard lines.count == 4, let length = Int(lines[1].dropFirst("length ".count)) else {
      throw .damagedHeader(path: path)
    }
    let sha256 = String(lines[2].dropFirst("sha256 ".count))
    self.init(
      version: version, length: length, sha256: sha256,
      generator: String(lines[3].dropFirst("generator ".count)))
    guard length >= Self.size, sha256.utf8.count == 64,
      bytes.map({ $0.starts(with: block) }) == true
    else {
      throw .damagedHeader(path: path)
    }
  }

  private static func digest(block: [UInt8], rest: ArraySlice<UInt8>) -> String {
    var hash = SHA256()
    hash.update(block)
    hash.update(rest)
    return hash.finalizeHexadecimal()
  }

  /// True if the HDF5 signature stands where it may: at 0, 512, 1024, 2048 ...
  private static func isHDF5(_ file: [UInt8]) -> Bool {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    var offset = 0
    while offset + signature.count <= file.count {
      if file[offset...].starts(with: signature) { return true }
      offset = offset == 0 ? 512 : offset * 2
    }
    return false
  }
}
