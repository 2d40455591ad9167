import RSOSystem

/// The fields of a pax extended header: the name and size of the next member. The header consists
/// of lines of the form `LENGTH KEY=VALUE`.
struct TarExtension: Equatable {
  var path: String?
  var size: Int?
  /// True for GNU's sparse files, which have a map before their data.
  var isSparse = false

  init() {}

  /// Reads the lines; nil if the bytes are not such lines.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let first = rest.first, first != 0 {
      guard
        let space = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
        length > space + 1 - rest.startIndex, length <= rest.count
      else { return nil }
      let end = rest.startIndex + length
      let record = rest[(space + 1)..<(end - 1)]
      guard rest[end - 1] == UInt8(ascii: "\n"),
        let equals = record.firstIndex(of: UInt8(ascii: "="))
      else { return nil }
      let value = PathText.text(of: record[(equals + 1)...])
      let key = String(decoding: record[..<equals], as: UTF8.self)
      switch key {
      case "path": path = value
      case "size":
        guard let number = Int(value), number >= 0 else { return nil }
        size = number
      default: isSparse = isSparse || key.hasPrefix("GNU.sparse.")
      }
      rest = rest[end...]
    }
  }
}
