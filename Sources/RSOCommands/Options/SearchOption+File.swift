import RSOSearch
import RSOSystem

extension SearchOption {
  /// The largest file with numbers that is read, in bytes.
  private static let mostFileBytes = 1 << 20

  /// The value in a text file: numbers that commas, semicolons or white space separate. Empty lines are left out.
  ///
  /// Returns nil if the option takes no file, or there is none at this path.
  ///
  /// *Throws:* `FileReadError` for a file that is too large or cannot be read.
  func value(inFile path: String) throws(FileReadError) -> String? {
    guard let separator = form.lineSeparator, FileSystem.isFile(path) else { return nil }
    let bytes = try InputFile.contents(of: path, maximumBytes: Self.mostFileBytes)
    let lines = bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    )
    let rows = lines.map { line in
      line.split { Array(",; \t".utf8).contains($0) }
        .map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",")
    }
    return rows.filter { !$0.isEmpty }.joined(separator: separator)
  }
}
