/// A key of any name, so that unknown keys are seen.
struct SpecificationKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

/// Reads one object of an architecture's JSON. Errors name the place and what to do.
struct SpecificationReader {
  private let container: KeyedDecodingContainer<SpecificationKey>
  let position: String

  init(_ decoder: any Decoder) throws(ArchitectureError) {
    position = Self.position(decoder.codingPath)
    do {
      container = try decoder.container(keyedBy: SpecificationKey.self)
    } catch {
      throw .invalid(position: position, reason: "expected an object")
    }
  }

  /// Refuses unknown keys: a misspelt key must not mean its default in silence.
  func refuseKeys(except known: [String], of subject: String) throws(ArchitectureError) {
    let unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }
    guard let first = unknown.min() else { return }
    throw .invalid(
      position: position,
      reason: KnownWords.keys(known).refusal(of: first, "key", list: "known keys of \(subject)"),
      key: first)
  }

  func string(_ key: String) throws(ArchitectureError) -> String {
    try require(key, stringIfPresent(key))
  }

  func stringIfPresent(_ key: String) throws(ArchitectureError) -> String? {
    guard let text = try value(key, String.self, "a string") else { return nil }
    guard !text.isEmpty else { throw wrong(key, "expected a string that is not empty") }
    return text
  }

  func integer(_ key: String) throws(ArchitectureError) -> Int {
    try require(key, integerIfPresent(key))
  }

  func integerIfPresent(_ key: String) throws(ArchitectureError) -> Int? {
    try value(key, Int.self, "a whole number")
  }

  func integers(_ key: String, count: Int, _ expected: String) throws(ArchitectureError) -> [Int] {
    let list = try require(key, value(key, [Int].self, expected))
    guard list.count == count else { throw wrong(key, "expected \(expected)") }
    return list
  }

  func numberIfPresent(_ key: String) throws(ArchitectureError) -> Double? {
    try value(key, Double.self, "a number")
  }

  /// A number, or a list of several numbers.
  func numbersIfPresent(
    _ key: String, _ expected: String
  ) throws(ArchitectureError) -> [Int]? {
    guard container.contains(SpecificationKey(key)) else { return nil }
    if let list = try? container.decode([Int].self, forKey: SpecificationKey(key)), list.count > 1 {
      return list
    }
    return try value(key, Int.self, expected).map { [$0] }
  }

  /// The value of a key that holds a string; nil also for a value of another type.
  func wordIfPresent(_ key: String) -> String? {
    try? container.decode(String.self, forKey: SpecificationKey(key))
  }

  func contains(_ key: String) -> Bool { container.contains(SpecificationKey(key)) }

  func strings(_ key: String, _ expected: String) throws(ArchitectureError) -> [String] {
    try require(key, value(key, [String].self, expected))
  }

  func flagIfPresent(_ key: String) throws(ArchitectureError) -> Bool? {
    try value(key, Bool.self, "true or false")
  }

  func wrong(_ key: String, _ reason: String) -> ArchitectureError {
    let place = position == Self.root ? key : "\(position).\(key)"
    return .invalid(position: place, reason: reason)
  }

  /// The elements of the list `key`, each read by `body`.
  func elements<Element>(
    _ key: String, atMost limit: Int,
    _ body: (any Decoder) throws(ArchitectureError) -> Element
  ) throws(ArchitectureError) -> [Element] {
    guard container.contains(SpecificationKey(key)) else { throw missing(key) }
    var list: any UnkeyedDecodingContainer
    do {
      list = try container.nestedUnkeyedContainer(forKey: SpecificationKey(key))
    } catch {
      throw wrong(key, "expected a list")
    }
    var elements: [Element] = []
    while !list.isAtEnd {
      guard elements.count < limit else { throw wrong(key, "more than \(limit) entries") }
      let decoder: any Decoder
      do {
        decoder = try list.superDecoder()
      } catch {
        throw wrong("\(key)[\(elements.count)]", "expected an object")
      }
      elements.append(try body(decoder))
    }
    return elements
  }

  private func value<Value: Decodable>(
    _ key: String, _ type: Value.Type, _ expected: String
  ) throws(ArchitectureError) -> Value? {
    guard container.contains(SpecificationKey(key)) else { return nil }
    do {
      return try container.decode(type, forKey: SpecificationKey(key))
    } catch {
      throw wrong(key, "expected \(expected)")
    }
  }

  private func require<Value>(
    _ key: String, _ value: Value?
  ) throws(ArchitectureError) -> Value {
    guard let value else { throw missing(key) }
    return value
  }

  private func missing(_ key: String) -> ArchitectureError {
    .invalid(position: position, reason: "missing key '\(key)'")
  }

  /// The path of the whole description.
  static let root = "architecture"

  private static func position(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text.isEmpty ? root : text
  }
}
