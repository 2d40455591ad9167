import FoundationEssentials
import RSOSystem

/// Reads safetensors (https://github.com/huggingface/safetensors): the size of a header in eight
/// bytes, little-endian; the header, a JSON object with type, shape and byte range of each tensor; and
/// the tensors' bytes.
package enum SafetensorsReader {
  /// The largest header that is read, in bytes.
  package static let maximumHeaderSize = 1 << 24
  /// The most dimensions of a tensor.
  package static let maximumRank = 16

  private static let metadataName = "__metadata__"

  /// Reads the descriptions of a file's tensors.
  ///
  /// *Throws:* `TensorFileError`, also if tensors overlap or leave bytes between them, which the
  /// format forbids.
  static func open(_ file: borrowing InputFile) throws(TensorFileError) -> TensorFile {
    let prefix = try bytes(min(8, file.size), of: file, at: 0)
    guard prefix.count == 8 else {
      throw failure("\(prefix.count) bytes, less than a header's size")
    }
    let stated = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated <= maximumHeaderSize else {
      throw failure("a header of \(stated) bytes, more than the \(maximumHeaderSize) that are read")
    }
    let size = Int(stated)
    guard size <= file.size - 8 else {
      throw failure("a header of \(size) bytes in a file of \(file.size)")
    }
    let text = try bytes(size, of: file, at: 8)
    guard text.first == UInt8(ascii: "{") else { throw failure("its header is not a JSON object") }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(text))
    } catch let error as DecodingError {
      throw failure(reason(error))
    } catch {
      throw failure("its header is not valid JSON")
    }
    // A JSON parser keeps only one of several equal keys; here that is an error.
    guard SafetensorsHeader.countKeys(in: text[...]) == header.keyCount else {
      throw failure("its header has a name twice, or a key that is not known")
    }
    return TensorFile(
      path: file.path, format: .safetensors,
      entries: try entries(header, path: file.path, data: (8 + size)..<file.size),
      metadata: header.metadata)
  }

  private static func bytes(
    _ count: Int, of file: borrowing InputFile, at offset: Int
  ) throws(TensorFileError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileReadError) { bytes = try file.bytes(count, at: offset) } catch {
      throw failure(error.reason)
    }
    guard bytes.count == count else { throw failure("it has become shorter") }
    return bytes
  }

  /// - Parameter data: The place of all tensors in the file.
  private static func entries(
    _ header: Header, path: String, data: Range<Int>
  ) throws(TensorFileError) -> [TensorEntry] {
    let sorted = header.entries.sorted { first, second in
      let places = (first.value.offsets, second.value.offsets)
      return places.0 == places.1
        ? first.key < second.key : places.0.lexicographicallyPrecedes(places.1)
    }
    var entries: [TensorEntry] = []
    var end = 0
    for (name, stored) in sorted {
      let subject = "tensor \(quoted(name))"
      guard stored.shape.count <= maximumRank else {
        throw failure("\(subject) has \(stored.shape.count) dimensions, more than \(maximumRank)")
      }
      guard stored.offsets.count == 2, stored.offsets[0] >= 0,
        stored.offsets[0] <= stored.offsets[1]
      else { throw failure("the bytes of \(subject) have no place") }
      let place = stored.offsets[0]..<stored.offsets[1]
      guard place.upperBound <= data.count else {
        throw failure("\(subject) ends at byte \(place.upperBound) of \(data.count)")
      }
      let (type, bits) = SafetensorsHeader.type(named: stored.dtype)
      guard let count = elementCount(stored.shape),
        bits.map({ holds(count, bits: $0, bytes: place.count) }) ?? true
      else { throw failure("\(subject) of shape \(stored.shape) has \(place.count) bytes") }
      guard place.lowerBound >= end else { throw failure("\(subject) overlaps the one before it") }
      guard place.lowerBound == end else {
        throw failure("\(place.lowerBound - end) bytes before \(subject) belong to no tensor")
      }
      end = place.upperBound
      let storage = TensorStorage(
        .file(path: path, offset: data.lowerBound + place.lowerBound), size: place.count)
      entries.append(
        TensorEntry(
          name: name, type: type, shape: stored.shape,
          content: bits == nil
            ? .unreadable("it is of type \(quoted(stored.dtype)), which is not known")
            : .stored(storage)))
    }
    guard end == data.count else {
      throw failure("its last \(data.count - end) bytes are no tensor")
    }
    return entries
  }

  private static func holds(_ count: Int, bits: Int, bytes: Int) -> Bool {
    let (size, overflow) = count.multipliedReportingOverflow(by: bits)
    return !overflow && size.isMultiple(of: 8) && size / 8 == bytes
  }

  private static func failure(_ problem: String) -> TensorFileError {
    TensorFileError(format: "safetensors", problem: problem)
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath)) has no \(quoted(key.stringValue))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) is of the wrong kind"
    default: "its header is not valid JSON"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty
      ? "its header"
      : path.map { $0.intValue.map(String.init) ?? quoted($0.stringValue) }
        .joined(separator: ", ")
  }

  /// The JSON object, with tensors and texts separated.
  private struct Header: Decodable {
    struct Entry: Decodable {
      var dtype: String
      var shape: [Int]
      var offsets: [Int]

      enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
      }
    }

    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]
    private var hasMetadata = false

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == metadataName {
          metadata = try container.decode([String: String].self, forKey: key)
          hasMetadata = true
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    /// The number of keys of all objects.
    var keyCount: Int { entries.count * 4 + (hasMetadata ? 1 : 0) + metadata.count }
  }
}
