import Foundation

/// Reads IDX, the format of MNIST: a magic number that tells type and rank, a big-endian 32-bit
/// size for each dimension, and the bytes (http://yann.lecun.com/exdb/mnist).
///
/// A file is plain or gzip by its first bytes, not by its name. Memory is taken for what the header
/// announces once the file can hold that much, and for nothing beyond.
package struct IDXReader: Sendable {
  /// What a file holds.
  package enum Kind: Sendable, Equatable, CustomStringConvertible {
    case images
    case labels

    var magic: UInt32 { 0x0800 + UInt32(rank) }
    var rank: Int { self == .images ? 3 : 1 }
    var headerSize: Int { 4 + 4 * rank }

    package var description: String { self == .images ? "images" : "labels" }
  }

  /// The content of a file: `bytes` has the product of `dimensions` elements.
  package struct Content: Sendable, Equatable {
    package let dimensions: [Int]
    package let bytes: [UInt8]
  }

  /// The most bytes that a header may announce; as many samples as an Int32 can number.
  package let limit: Int

  package init(limit: Int = Int(Int32.max)) {
    self.limit = limit
  }

  /// The images (N x H x W) or labels (N) of a file.
  package func read(_ kind: Kind, at url: URL) throws(DatasetError) -> Content {
    var input = try InflatedInput(url)
    let path = input.path
    let header = try input.bytes(kind.headerSize)
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
    let dimensions = fields.dropFirst().map { Int($0) }
    let count = try size(of: dimensions, path: path)
    if let found = input.contradiction(to: count, after: kind.headerSize) {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: found)
    }

    let bytes = try input.bytes(count)
    guard bytes.count == count else {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: .exactly(bytes.count))
    }
    guard try input.bytes(1).isEmpty else {
      throw .sizeMismatch(path: path, dimensions: dimensions, found: .more)
    }
    return Content(dimensions: dimensions, bytes: bytes)
  }

  /// The product of the dimensions, within the limit.
  private func size(of dimensions: [Int], path: String) throws(DatasetError) -> Int {
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
