/// The parts of the zip format that reader and writer share (PKWARE's APPNOTE.TXT).
enum ZIPArchive {
  static let localSignature = 0x0403_4B50
  static let centralSignature = 0x0201_4B50
  static let endSignature = 0x0605_4B50

  /// Signatures of the records for archives beyond 4 GiB or 65,535 members (zip64).
  static let longEndSignature = 0x0606_4B50
  static let longEndLocatorSignature = 0x0706_4B50

  static let stored = 0
  static let deflated = 8

  /// Bytes of the record at the end, without its comment.
  static let endSize = 22
  /// Bytes of the record that tells where the one of zip64 is; it stands before the end record.
  static let longEndLocatorSize = 20
  /// The kind of the extra field that has the sizes of a member of 4 GiB and more.
  static let longSizesField = 1

  /// A file in an archive.
  struct Member {
    var name: String
    var bytes: ArraySlice<UInt8>
  }
}

/// The reason why a zip archive cannot be read or written. The caller adds the format: `npz`.
struct ZIPError: Error {
  var problem: String

  static let noDirectory = ZIPError(problem: "it has no directory")

  /// True where the end of the archive may be missing.
  var isCut: Bool { problem == Self.noDirectory.problem }
}
