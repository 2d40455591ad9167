/// Content that is often found where a data set is expected.
enum ForeignContent {
  /// The number of bytes that tell the content.
  static let startSize = 16

  private static let kinds: [(start: [UInt8], text: String)] = [
    (Array("<".utf8), "a web page, as a server sends instead of a file; download it again"),
    (Array("version https://".utf8), "a pointer of git-lfs; get the file with 'git lfs pull'"),
    ([0x1F, 0x8B], "compressed twice; unpack it once with gunzip"),
    (Array("BZh".utf8), "compressed with bzip2; unpack it with bunzip2"),
    ([0xFD] + Array("7zXZ".utf8), "compressed with xz; unpack it with unxz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd; unpack it with unzstd"),
    (Array("PAR1".utf8), "Parquet; convert it to CSV or npz first"),
  ]

  /// Says what a file is, and what to do with it; nil for other content.
  ///
  /// - Parameter start: The first bytes; of a gzip file, those of its content.
  static func text(_ start: some Collection<UInt8>) -> String? {
    kinds.first { start.starts(with: $0.start) }?.text
  }
}
