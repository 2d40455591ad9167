import RSOSearch
import RSOSystem

extension SearchOption {
  /// The largest file with numbers that is read, in bytes.
  private static let mostFileBytes = 1 << 20

  /// The value in a text file: numbers that commas, semicolons or white space separate. Empty lines are left out,
  /// and so is a byte order mark.
  ///
  /// Returns nil if the option takes no file, or there is none at this path.
  ///
  /// *Throws:* `FileReadError` for a file that is too large or cannot be read; `NumbersFileError` for one that does not
  /// hold such numbers.
  func value(inFile path: String) throws -> String? {
    guard let separator = form.lineSeparator, FileSystem.isFile(path) else { return nil }
    var bytes = try InputFile.contents(of: path, maximumBytes: Self.mostFileBytes)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    // A line break of Windows ends in a line feed, too.
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var rows: [String] = []
    for (index, line) in lines.enumerated() {
      let words = line.split { Array(",; \t\r".utf8).contains($0) }
        .map { String(decoding: $0, as: UTF8.self) }
      if let word = words.first(where: { Double($0) == nil }) {
        throw NumbersFileError.notANumber(path, line: index + 1, word)
      }
      if !words.isEmpty { rows.append(words.joined(separator: ",")) }
    }
    guard !rows.isEmpty else { throw NumbersFileError.empty(path) }
    return rows.joined(separator: separator)
  }
}

/// The reasons why a file does not hold the numbers of an option.
enum NumbersFileError: Error {
  case empty(String)
  /// A word of a line, which counts from 1.
  case notANumber(String, line: Int, String)
}

extension NumbersFileError: CustomStringConvertible {
  var description: String {
    switch self {
    case .empty(let path): "\(quotedPath(path)) holds no numbers"
    case .notANumber(let path, let line, let word):
      "\(quotedPath(path)), line \(line): '\(printable(word, limit: 40))' is not a number"
    }
  }
}
