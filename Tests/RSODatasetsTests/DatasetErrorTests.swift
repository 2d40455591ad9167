import RSODatasets
import RSOSystem
import Testing

@Suite("text of errors") struct DatasetErrorTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [any Error] = [
    DatasetError.unreadable(reason: path, cause: .content),
    DatasetError.unknownKind(path: path, kinds: ["a"]),
    DatasetError.notFound(name: path, searched: ["x"], advice: "name one"),
    DatasetError.notFound(name: "x", searched: [path], advice: "name one"),
    DatasetError.differentData(name: path, differences: ["other labels"]),
    DatasetError.runDataNotFound(
      name: "x", sha256: "0", searched: [SearchedPlace(path: path, finding: "nothing")]),
    IDXError.fileMissing(directory: path, name: "train"),
    IDXError.noElements(path: path, dimensions: [0]),
    IDXError.file(.cannotOpen(path: path, reason: "is a directory")),
    IDXError.countMismatch(images: "x", imageCount: 1, labels: path, labelCount: 2),
    CIFARError.batchMissing(path: path, name: "test_batch.bin"),
    CIFARError.wrongClassCount(path: path, count: 1),
    CIFARError.archive(.malformed(path: path, .endsEarly)),
    TarError.malformed(path: path, .notAnArchive),
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: any Error) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
