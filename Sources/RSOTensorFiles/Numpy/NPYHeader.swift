import RSOSystem

/// The description of an array in a numpy file: a Python literal.
///
///     {'descr': '<f4', 'fortran_order': False, 'shape': (16, 1, 3, 3), }
struct NPYHeader: Sendable, Hashable {
  /// Byte order and element type: `<f4`. The text of a list for records: `[('a', '<f4')]`.
  var description: String
  /// True where the first dimension varies fastest.
  var isFortranOrder: Bool
  var shape: [Int]

  /// *Throws:* `NPYError` unless the text is such a literal with exactly these keys, each once.
  init(_ text: some StringProtocol) throws(NPYError) {
    var scanner = NPYLiteralScanner(text)
    var description: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try scanner.take("{")
    while !scanner.skip("}") {
      let key = try scanner.string()
      try scanner.take(":")
      switch key {
      case "descr" where description == nil: description = try scanner.type()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try scanner.flag()
      case "shape" where shape == nil: shape = try scanner.tuple()
      default:
        throw NPYError(problem: "its header has the key \(quoted(key)) twice, or it is not known")
      }
      if !scanner.skip(",") {
        try scanner.take("}")
        break
      }
    }
    guard scanner.isAtEnd, let description, let isFortranOrder, let shape else {
      throw NPYError(problem: "its header is not a description of an array")
    }
    self.description = description
    self.isFortranOrder = isFortranOrder
    self.shape = shape
  }
}

extension NPYHeader {
  /// The number of bytes that tell how long the header is.
  static let prefixSize = 12
  /// The most bytes of the text.
  static let largestText = 1 << 16

  /// Returns the number of bytes before the elements.
  ///
  /// - Parameter prefix: The first `prefixSize` bytes of the file; fewer if it has fewer.
  ///
  /// *Throws:* `NPYError`.
  static func size(_ prefix: ArraySlice<UInt8>) throws(NPYError) -> Int {
    var reader = ByteReader(prefix)
    guard let magic = reader.take(NPYArray.magic.count), Array(magic) == NPYArray.magic,
      let major = reader.takeInteger(1), reader.takeInteger(1) != nil
    else { throw NPYError(problem: "it is not an array in numpy's format") }
    guard (1...3).contains(major) else { throw NPYError(problem: "its version is \(major)") }
    let width = major == 1 ? 2 : 4
    guard let size = reader.takeInteger(width), size <= largestText else {
      throw NPYError(problem: "its header ends early, or is too long")
    }
    return NPYArray.magic.count + 2 + width + size
  }

  /// Reads the header, and returns it with the number of bytes before the elements.
  ///
  /// *Throws:* `NPYError`.
  static func read(_ bytes: ArraySlice<UInt8>) throws(NPYError) -> (NPYHeader, size: Int) {
    let size = try size(bytes.prefix(prefixSize))
    guard bytes.count >= size else {
      throw NPYError(problem: "its header ends early, or is too long")
    }
    let first = NPYArray.magic.count + (bytes[bytes.startIndex + NPYArray.magic.count] == 1 ? 4 : 6)
    guard let text = String(validating: bytes.prefix(size).dropFirst(first), as: UTF8.self) else {
      throw NPYError(problem: "its header is not UTF-8")
    }
    return (try NPYHeader(text), size)
  }
}

/// Parses the few kinds of Python literals in numpy's headers.
private struct NPYLiteralScanner {
  private var rest: Substring

  init(_ text: some StringProtocol) {
    rest = Substring(text)
  }

  var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

  mutating func skip(_ symbol: Character) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.first == symbol else { return false }
    rest.removeFirst()
    return true
  }

  mutating func take(_ symbol: Character) throws(NPYError) {
    guard skip(symbol) else { throw failure }
  }

  mutating func string() throws(NPYError) -> String {
    let isDouble = skip("\"")
    if !isDouble { try takeString() }
    let end: Character = isDouble ? "\"" : "'"
    let text = rest.prefix { $0 != end }
    guard text.count < rest.count, !text.contains("\\") else { throw failure }
    rest = rest[text.endIndex...].dropFirst()
    return String(text)
  }

  /// A string, or a list with everything in it.
  mutating func type() throws(NPYError) -> String {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.first == "[" else { return try string() }
    var depth = 0
    var isString = false
    for place in rest.indices {
      switch rest[place] {
      case "'", "\"": isString.toggle()
      case "[" where !isString: depth += 1
      case "]" where !isString: depth -= 1
      default: continue
      }
      if depth == 0 {
        defer { rest = rest[place...].dropFirst() }
        return String(rest[...place])
      }
    }
    throw failure
  }

  private mutating func takeString() throws(NPYError) {
    guard skip("'") else {
      throw NPYError(problem: "it is not an array of numbers")
    }
  }

  mutating func flag() throws(NPYError) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
      rest.removeFirst(word.count)
      return value
    }
    throw failure
  }

  mutating func tuple() throws(NPYError) -> [Int] {
    try take("(")
    var numbers: [Int] = []
    while !skip(")") {
      rest = rest.drop(while: \.isWhitespace)
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), numbers.count < 32 else { throw failure }
      numbers.append(number)
      rest = rest[digits.endIndex...]
      if !skip(",") {
        try take(")")
        break
      }
    }
    return numbers
  }

  private var failure: NPYError {
    NPYError(problem: "its header is not a description of an array")
  }
}
