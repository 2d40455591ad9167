import RSOSystem

/// A file of named arrays. It is opened for its descriptions; elements are read when they are asked for,
/// one part after the other.
protocol ArrayFile: Sendable {
  var path: String { get }
  var arrays: [FoundArray] { get }

  /// Reads all elements of an array, in the order of the file. `body` gets parts of whole elements.
  ///
  /// *Throws:* `ArraysError`, or an error of `body`.
  func read(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

/// A format of files of arrays. To add one, add a type that conforms, and its line in `all`.
protocol ArrayFormat: Sendable {
  /// The kinds of files in messages: `npz`.
  var names: [String] { get }

  /// Tells by the first bytes if a file is of this format.
  func recognizes(_ start: [UInt8]) -> Bool

  /// Opens a file for its descriptions.
  ///
  /// *Throws:* `ArraysError`.
  func open(_ path: String) throws(ArraysError) -> any ArrayFile
}

enum ArrayFormats {
  static let all: [any ArrayFormat] = [NumpyFormat(), HDF5Format(), IDXFormat()]

  /// The formats in messages: `npz, npy, HDF5 or IDX`.
  static var list: String {
    let names = all.flatMap { $0.names }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }

  /// The bytes at the start of a file that formats are recognised by; those of gzip files are inflated.
  static let startSize = 16

  /// Refuses a gzip file of a format that needs the file itself, as PatchCamelyon is published.
  ///
  /// *Throws:* `ArraysError`.
  static func refuseGzip(_ path: String) throws(ArraysError) {
    do throws(FileReadError) {
      guard try InflatedInput(path).isCompressed else { return }
    } catch {
      throw .file(error)
    }
    throw .unreadable(
      path: path, problem: "it is compressed with gzip; unpack it first with gunzip")
  }

  /// Returns the format of a regular file; nil for any other format.
  ///
  /// *Throws:* `FileReadError`.
  static func format(of path: String) throws(FileReadError) -> (any ArrayFormat)? {
    // HDF5 allows a user block before the file.
    if HDF5Format.isHDF5(try InputFile(path)) { return HDF5Format() }
    var input = try InflatedInput(path)
    let start = try input.bytes(startSize)
    return all.first { $0.recognizes(start) }
  }
}
