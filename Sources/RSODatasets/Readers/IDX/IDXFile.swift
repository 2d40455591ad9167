import RSOSystem

/// Reads one IDX file, the format of MNIST: a magic number with element type and number of dimensions,
/// a big-endian 32-bit size for each dimension, and the elements (http://yann.lecun.com/exdb/mnist).
///
/// A file is plain or gzip by its first bytes; its name does not matter. Memory is taken only for
/// the elements that the header announces, and only if the file can hold them.
package struct IDXFile: Sendable {
  /// The content of a file.
  package enum Kind: Sendable, Equatable, CustomStringConvertible {
    /// *Shape:* N x H x W bytes.
    case images
    /// *Shape:* N bytes.
    case labels

    var magic: UInt32 { 0x0800 + UInt32(rank) }
    var rank: Int { self == .images ? 3 : 1 }
    var headerSize: Int { 4 + 4 * rank }

    package var description: String { self == .images ? "images" : "labels" }
  }

  package let dimensions: [Int]
  /// The elements, row-major: as many as the product of `dimensions`.
  package let bytes: [UInt8]

  /// The default limit of the bytes that a header may announce. Samples have 32-bit indices.
  package static let defaultLimit = Int(Int32.max)

  /// Reads a file.
  ///
  /// - Parameter limit: The most bytes that the header may announce.
  ///
  /// *Throws:* `IDXError`.
  package init(
    _ kind: Kind, at path: String, limit: Int = defaultLimit
  ) throws(IDXError) {
    var input = try Self.input(path)
    let header = try Self.bytes(kind.headerSize, of: &input)
    guard header.count >= 4 else {
      throw .headerTruncated(path: path, expected: kind.headerSize, found: header.count)
    }
    let fields = stride(from: 0, through: header.count - 4, by: 4).map { start in
      header[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    guard fields[0] == kind.magic else {
      throw .wrongMagic(path: path, expected: kind, found: fields[0])
    }
    guard header.count == kind.headerSize else {
      throw .headerTruncated(path: path, expected: kind.headerSize, found: header.count)
    }
    dimensions = fields.dropFirst().map { Int($0) }
    let count = try Self.size(of: dimensions, path: path, limit: limit)
    if let found = Self.contradiction(to: count, after: kind.headerSize, in: input) {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: found)
    }
    bytes = try Self.bytes(count, of: &input)
    guard bytes.count == count else {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: .exactly(bytes.count))
    }
    guard try Self.bytes(1, of: &input).isEmpty else {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: .more)
    }
  }

  private static func input(_ path: String) throws(IDXError) -> InflatedInput {
    do throws(FileReadError) { return try InflatedInput(path) } catch { throw .file(error) }
  }

  private static func bytes(
    _ count: Int, of input: inout InflatedInput
  ) throws(IDXError) -> [UInt8] {
    do throws(FileReadError) { return try input.bytes(count) } catch { throw .file(error) }
  }

  /// The file's number of bytes, if it contradicts `count` bytes after a header: exact for a plain
  /// file, an upper bound for a compressed one.
  private static func contradiction(
    to count: Int, after header: Int, in input: borrowing InflatedInput
  ) -> IDXError.FoundSize? {
    if let size = input.exactSize { return size - header == count ? nil : .exactly(size - header) }
    return count <= input.largestSize ? nil : .atMost(input.largestSize)
  }

  /// The product of the dimensions, within the limit.
  private static func size(
    of dimensions: [Int], path: String, limit: Int
  ) throws(IDXError) -> Int {
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw .noElements(path: path, dimensions: dimensions)
    }
    var size = 1
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= limit else {
        throw .tooLarge(path: path, dimensions: dimensions, limit: limit)
      }
      size = product
    }
    return size
  }
}
