import RSOCheckpoints
import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// A file as text with a line for each object: what `git diff` compares by a `textconv` driver. Equal content
/// gives equal text, wherever the file is.
enum FileText {
  static func text(of file: FoundFile) throws -> String {
    switch file {
    case .checkpoint(let found):
      return try ComparedObject.all(of: found.stored.checkpoint).map(line).joined()
    case .tensors(let file):
      let texts = file.metadata.sorted { $0.key < $1.key }
        .map { "metadata '\(printable($0.key))': \(printable($0.value))\n" }
      return try texts.joined() + file.entries.map { try line($0, in: file) }.joined()
    }
  }

  /// `conv1/weight  16 x 1 x 3 x 3  mean 0.1  std 0.2  min -1.0  max 1.0`.
  private static func line(_ object: ComparedObject) -> String {
    switch object.value {
    case .text(let text): return "\(printable(object.name))  \(printable(text))\n"
    case .numbers(let values, let shape):
      let figures = TensorStatistics(values)
      var digest = SHA256()
      digest.update(littleEndianBytes(values.lazy.map(\.bitPattern)))
      return "\(printable(object.name))  \(shapeText(shape))  \(text(figures))"
        + "  sha256 \(digest.finalizeHexadecimal().prefix(digits))\n"
    }
  }

  private static func line(_ entry: TensorEntry, in file: TensorFile) throws -> String {
    let start =
      "'\(printable(entry.name))'  \(printable(entry.type.name))  \(shapeText(entry.knownShape))"
    guard entry.problem == nil else { return start + "  not read\n" }
    let description = TensorDescription.all(of: [entry], in: file, threads: 1)[0]
    let figures = description.numbers.map { "  " + text(TensorStatistics($0)) } ?? ""
    return try start + figures + "  sha256 \(digest(entry, in: file))\n"
  }

  /// Digits of a digest: equal ones by chance are unlikely.
  private static let digits = 16

  private static func text(_ figures: TensorStatistics) -> String {
    "mean \(figures.mean)  std \(figures.standardDeviation)  min \(figures.minimum)  "
      + "max \(figures.maximum)  not finite \(figures.notFinite)"
  }

  private static func digest(_ entry: TensorEntry, in file: TensorFile) throws -> Substring {
    var digest = SHA256()
    do throws(TensorFileError) {
      let reader = try file.reader(of: entry)
      var part = try reader.bytes(atMost: partSize)
      while !part.isEmpty {
        digest.update(part)
        part = try reader.bytes(atMost: partSize)
      }
    } catch {
      throw CommandError.badWeights(file.path, reason: "\(error)")
    }
    return digest.finalizeHexadecimal().prefix(digits)
  }

  /// Bytes that are read at a time.
  private static let partSize = 1 << 20
}
