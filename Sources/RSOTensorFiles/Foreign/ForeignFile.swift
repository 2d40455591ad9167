import RSOSystem

/// Files that are taken for files of tensors and are none, recognised by their content.
///
/// *Source:* the formats' own descriptions; for text and archives, file(1).
enum ForeignFile {
  /// The most bytes at the start of a file that are looked at.
  static let startSize = 4096

  /// Returns what a file is and what to do, such as `an empty file; fetch or write it again`; nil for a file
  /// that has no such mark.
  static func description(_ start: [UInt8], of file: borrowing InputFile) -> String? {
    if file.size == 0 { return "an empty file; fetch or write it again" }
    if let mark = marks.first(where: { $0.isFound(in: start) }) { return mark.description }
    return gzip(start) ?? markup(start) ?? tensorFlow(start, of: file)
  }

  /// Bytes at a place that tell what a file is.
  private struct Mark {
    var offset: Int
    var bytes: [UInt8]
    var description: String

    init(_ bytes: [UInt8], at offset: Int = 0, _ description: String) {
      (self.offset, self.bytes, self.description) = (offset, bytes, description)
    }

    init(_ text: String, at offset: Int = 0, _ description: String) {
      self.init(Array(text.utf8), at: offset, description)
    }

    func isFound(in start: [UInt8]) -> Bool { start.dropFirst(offset).starts(with: bytes) }
  }

  private static let marks: [Mark] = [
    Mark(
      "version https://git-lfs.github.com/spec/",
      "a pointer of git-lfs to the file; fetch the file with 'git lfs pull'"),
    Mark(
      // The pickle of the number by which PyTorch knew its files.
      [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19],
      "a PyTorch file in the form before version 1.6; rewrite it in Python with "
        + "torch.save(torch.load('OLD', weights_only=True), 'NEW')"),
    Mark([0x80, 2], pickle), Mark([0x80, 3], pickle), Mark([0x80, 4], pickle),
    Mark([0x80, 5], pickle),
    Mark("TFL3", at: 4, "a TensorFlow Lite model, which is not read; \(keras)"),
    Mark([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], unpacked("xz", "xz -d")),
    Mark([0x28, 0xB5, 0x2F, 0xFD], unpacked("zstd", "zstd -d")),
    Mark([0x04, 0x22, 0x4D, 0x18], unpacked("lz4", "lz4 -d")),
    Mark("BZh", unpacked("bzip2", "bzip2 -d")),
    Mark("ustar", at: 257, "a tar archive; unpack it with 'tar -xf' and name a file in it"),
    Mark([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive; unpack it and name a file in it"),
    Mark("Rar!", "a rar archive; unpack it and name a file in it"),
    Mark([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], picture("PNG")),
    Mark([0xFF, 0xD8, 0xFF], picture("JPEG")), Mark("GIF8", picture("GIF")),
    Mark("%PDF-", "a PDF document, not a file of tensors"),
    Mark("PAR1", "a Parquet file; write its numbers as npz, HDF5 or CSV"),
    Mark("SQLite format 3\0", "an SQLite database, not a file of tensors"),
    Mark("MATLAB 5.0 MAT-file", "a MATLAB file; save it with '-v7.3', which is HDF5"),
    Mark([0, 0, 8, 1], idx), Mark([0, 0, 8, 3], idx), Mark([0, 0, 8, 4], idx),
  ]

  private static let pickle =
    "a pickle of Python, which can run programs and is not read; save its arrays as npz or "
    + "safetensors"
  private static let keras = "save the weights of the model that it was made from"
  private static let idx = "an IDX file of samples or labels; it is read with --data"

  private static func unpacked(_ format: String, _ command: String) -> String {
    "a file compressed with \(format); unpack it with '\(command)'"
  }

  private static func picture(_ format: String) -> String {
    "a \(format) picture, not a file of tensors"
  }

  // MARK: Content

  /// A gzip file, also one of a gzip file.
  private static func gzip(_ start: [UInt8]) -> String? {
    let signature: [UInt8] = [0x1F, 0x8B]
    guard start.starts(with: signature) else { return nil }
    var stream = InflateStream(.gzip)
    let inner = [UInt8](unsafeUninitializedCapacity: 512) { room, count in
      start.withUnsafeBytes { input in
        count = stream.step(input, into: UnsafeMutableRawBufferPointer(room)).produced
      }
    }
    if inner.starts(with: signature) {
      return "a file compressed with gzip twice; unpack it twice with 'gunzip'"
    }
    return markup(inner, " compressed with gzip") ?? unpacked("gzip", "gunzip")
  }

  /// An HTML page, or another text in markup.
  private static func markup(_ start: [UInt8], _ form: String = "") -> String? {
    let text = start.drop { [9, 10, 13, 32, 0xEF, 0xBB, 0xBF].contains($0) }.prefix(14)
    let lowered = String(decoding: text, as: UTF8.self).lowercased()
    let names = ["<!doctype html", "<html", "<head", "<body", "<?xml", "<error"]
    guard names.contains(where: { lowered.hasPrefix($0) }) else { return nil }
    return "an HTML page\(form), as a server sends instead of a file; fetch the file again"
  }

  /// A text file; nil for anything else.
  static func text(_ start: [UInt8]) -> String? {
    // A character may be cut at the end.
    let isText = (0..<4).contains { cut in
      String(validating: start.dropLast(cut), as: UTF8.self) != nil
    }
    guard isText, !start.contains(where: { $0 < 9 || (14..<32).contains($0) || $0 == 127 }) else {
      return nil
    }
    let first = start.first { ![9, 10, 13, 32].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      ? "a JSON text, not a file of tensors" : "a text file, not a file of tensors"
  }

  // MARK: TensorFlow

  /// The last bytes of the table in which a checkpoint has its names.
  private static let tableEnd: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
  private static let saved =
    "which is not read; load it in TensorFlow and save its variables as npz, HDF5 or safetensors"

  private static func tensorFlow(_ start: [UInt8], of file: borrowing InputFile) -> String? {
    if file.size > tableEnd.count, file.holds(tableEnd, at: file.size - tableEnd.count) {
      return "the index of a TensorFlow checkpoint, \(saved)"
    }
    if isData(file.path) { return "the data of a TensorFlow checkpoint, \(saved)" }
    // The version 1, and a graph that begins with the description of itself.
    guard start.starts(with: [8, 1, 0x12]) else { return nil }
    return start.dropFirst(3).drop { $0 >= 0x80 }.dropFirst().first == 0x0A
      ? "a TensorFlow SavedModel, \(saved)" : nil
  }

  /// Tells if a name ends as `.data-00000-of-00001`, since the content is numbers alone.
  private static func isData(_ path: String) -> Bool {
    let parts = path.utf8.suffix(20).split(separator: UInt8(ascii: "-"))
    return parts.count == 4 && Array(parts[0].suffix(5)) == Array(".data".utf8)
      && Array(parts[2]) == Array("of".utf8)
      && [parts[1], parts[3]].allSatisfy { part in
        part.count == 5 && part.allSatisfy { (48...57).contains($0) }
      }
  }
}
