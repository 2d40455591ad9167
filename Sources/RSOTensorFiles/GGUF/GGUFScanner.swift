import RSOSystem

/// Takes numbers and texts of a GGUF file from its front.
///
/// *Memory:* a part of 1 MiB, or the longest text that is taken.
struct GGUFScanner: ~Copyable {
  private static let partSize = 1 << 20

  private let file: InputFile
  private var buffer: ArraySlice<UInt8> = []
  /// The offset of the next byte in the file.
  private(set) var position = 0
  var isBigEndian = false

  init(_ path: String) throws(GGUFError) {
    do throws(FileReadError) { file = try InputFile(path) } catch {
      throw GGUFError(problem: error.reason)
    }
  }

  var size: Int { file.size }

  mutating func bytes(_ count: Int) throws(GGUFError) -> ArraySlice<UInt8> {
    guard count <= file.size - position else { throw GGUFError(problem: "its header ends early") }
    if count > buffer.count {
      let wanted = min(max(count, Self.partSize), file.size - position)
      do throws(FileReadError) { buffer = try file.bytes(wanted, at: position)[...] } catch {
        throw GGUFError(problem: error.reason)
      }
      guard count <= buffer.count else { throw GGUFError(problem: "it has become shorter") }
    }
    defer {
      buffer = buffer.dropFirst(count)
      position += count
    }
    return buffer.prefix(count)
  }

  mutating func skip(_ count: Int) throws(GGUFError) {
    guard count <= file.size - position else { throw GGUFError(problem: "its header ends early") }
    buffer = buffer.dropFirst(count)
    position += count
  }

  /// Takes an unsigned number of at most 8 bytes.
  mutating func bits(_ count: Int) throws(GGUFError) -> UInt64 {
    let bytes = try bytes(count)
    return isBigEndian
      ? bytes.reduce(0) { $0 << 8 | UInt64($1) }
      : bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Takes an unsigned number of 4 bytes.
  mutating func number() throws(GGUFError) -> Int { Int(truncatingIfNeeded: try bits(4)) }

  /// Takes a number of 8 bytes that counts something.
  mutating func count(_ what: String) throws(GGUFError) -> Int {
    let value = try bits(8)
    guard let count = Int(exactly: value) else {
      throw GGUFError(problem: "its number of \(what) is \(value)")
    }
    return count
  }

  /// Takes a text of at most `limit` bytes.
  mutating func text(_ what: String, limit: Int) throws(GGUFError) -> String {
    let count = try count("bytes of \(what)")
    guard count <= limit else {
      throw GGUFError(problem: "\(what) has \(count) bytes, more than \(limit)")
    }
    guard let text = String(validating: try bytes(count), as: UTF8.self) else {
      throw GGUFError(problem: "\(what) is not UTF-8")
    }
    return text
  }
}

/// The reason why a GGUF file cannot be read.
struct GGUFError: Error {
  var problem: String
}
