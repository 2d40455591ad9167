import FoundationEssentials

/// Reads a JSON text without keeping its values: to find where it first breaks the syntax, or which key
/// an object has twice.
///
/// The syntax is RFC 8259's. JSONDecoder also takes a comma after the last element, which is refused here.
struct JSONScanner {
  /// The first error of a text.
  struct Fault: Error, Equatable {
    /// Counts from 1. A column is a Unicode scalar.
    var line: Int
    var column: Int
    var reason: String
  }

  /// Objects and arrays inside one another, as many as JSONDecoder takes.
  private static let maximumDepth = 512

  private let bytes: [UInt8]
  private var place: Int
  private let start: Int
  /// The first key that its object already has.
  private(set) var repeated: Fault?
  /// The path of the value whose place is wanted, such as `layers[3].kernel`; nil: none is.
  private let wanted: String?
  private var path = ""
  private(set) var found: Fault?

  init(_ text: Data, placeOf wanted: String? = nil) {
    self.wanted = wanted
    bytes = Array(text)
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    place = start
  }

  /// Goes through the whole text.
  mutating func scan() throws(Fault) {
    try value(depth: 0)
    guard place == bytes.count else { throw expected("the end of the text") }
  }

  // MARK: Values

  /// Goes past one value and the space around it.
  private mutating func value(depth: Int) throws(Fault) {
    skipSpace()
    if path == wanted, found == nil { found = fault("") }
    switch current {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case UInt8(ascii: "\""): try string()
    case let byte? where byte == UInt8(ascii: "-") || isDigit: try number()
    default:
      guard ["true", "false", "null"].contains(word) else { throw expected("a value") }
      place += word.utf8.count
    }
    skipSpace()
  }

  /// The same for a part of the value at `path`.
  private mutating func value(depth: Int, at part: String?) throws(Fault) {
    guard wanted != nil, let part else { return try value(depth: depth) }
    let whole = path
    path += part
    try value(depth: depth)
    path = whole
  }

  private mutating func object(depth: Int) throws(Fault) {
    try descend(depth)
    var keys: Set<String> = []
    var isFirst = true
    repeat {
      skipSpace()
      if current == UInt8(ascii: "}"), isFirst { break }
      isFirst = false
      guard current == UInt8(ascii: "\"") else { throw expected("a key in quotes") }
      let first = place
      try string()
      let key = note(bytes[first..<place], at: first, among: &keys)
      skipSpace()
      guard take(":") else { throw expected("':'") }
      try value(depth: depth + 1, at: key.map { path.isEmpty ? $0 : ".\($0)" })
    } while take(",")
    guard take("}") else { throw expected("',' or '}'") }
  }

  private mutating func array(depth: Int) throws(Fault) {
    try descend(depth)
    var index = 0
    repeat {
      skipSpace()
      if current == UInt8(ascii: "]"), index == 0 { break }
      try value(depth: depth + 1, at: "[\(index)]")
      index += 1
    } while take(",")
    guard take("]") else { throw expected("',' or ']'") }
  }

  private mutating func descend(_ depth: Int) throws(Fault) {
    guard depth < Self.maximumDepth else {
      throw fault("more than \(Self.maximumDepth) objects and arrays inside one another")
    }
    place += 1
  }

  /// Notes the first key that its object already has. `quoted` has its quotation marks.
  ///
  /// - Returns: The key; nil where it is not a text.
  private mutating func note(
    _ quoted: ArraySlice<UInt8>, at start: Int, among keys: inout Set<String>
  ) -> String? {
    guard let key = try? JSONDecoder().decode(String.self, from: Data(quoted)) else { return nil }
    if !keys.insert(key).inserted, repeated == nil {
      repeated = fault("an object has the key '\(key)' twice", at: start)
    }
    return key
  }

  private mutating func number() throws(Fault) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
  }

  private mutating func digits() throws(Fault) {
    guard isDigit else { throw expected("a digit") }
    while isDigit { place += 1 }
  }

  private var isDigit: Bool { current.map { 0x30...0x39 ~= $0 } ?? false }

  // MARK: Strings

  private mutating func string() throws(Fault) {
    place += 1
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        return
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw fault("a line break or control character inside a string")
      case 0x20..<0x80: place += 1
      default:
        var rest = bytes[place...].makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        guard case .valid(let scalar) = parser.parseScalar(from: &rest) else {
          throw fault("bytes that are not UTF-8")
        }
        place += scalar.count
      }
    }
    throw expected("the closing '\"'")
  }

  private mutating func escape() throws(Fault) {
    let first = place
    place += 1
    guard let letter = current, "\"\\/bfnrtu".utf8.contains(letter) else {
      throw expected("one of \"\\/bfnrtu after '\\'")
    }
    place += 1
    guard letter == UInt8(ascii: "u") else { return }
    let unit = try hexadecimal()
    if 0xD800...0xDBFF ~= unit, take("\\"), take("u"), 0xDC00...0xDFFF ~= (try hexadecimal()) {
      return
    }
    if 0xD800...0xDFFF ~= unit {
      place = first
      throw fault("half of a surrogate pair")
    }
  }

  private mutating func hexadecimal() throws(Fault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw expected("four hexadecimal digits after '\\u'")
      }
      unit = unit << 4 | UInt16(digit)
      place += 1
    }
    return unit
  }

  // MARK: Places

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// The letters and digits at the current place, at most 20.
  private var word: String {
    String(
      decoding: bytes[place...].prefix(20).prefix {
        0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "_")
      }, as: UTF8.self)
  }

  private mutating func skipSpace() {
    while let byte = current, " \t\n\r".utf8.contains(byte) { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private func expected(_ what: String) -> Fault {
    fault("expected \(what), found \(surroundings)")
  }

  /// The text at the current place, in printable characters.
  private var surroundings: String {
    guard let byte = current else { return "the end of the text" }
    if !word.isEmpty { return "'\(word)'" }
    if place == 0, byte >= 0xFE {
      return "UTF-16 text; convert it, such as with 'iconv -f UTF-16 -t UTF-8'"
    }
    if 0x21..<0x7F ~= byte { return "'\(Unicode.Scalar(byte))'" }
    return byte == UInt8(ascii: "\n") ? "a line break" : "byte \(byte)"
  }

  private func fault(_ reason: String) -> Fault { fault(reason, at: place) }

  private func fault(_ reason: String, at place: Int) -> Fault {
    let before = bytes[start..<place]
    let line = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? start
    return Fault(
      line: before.count(where: { $0 == UInt8(ascii: "\n") }) + 1,
      column: bytes[line..<place].count(where: { $0 & 0xC0 != 0x80 }) + 1, reason: reason)
  }
}
