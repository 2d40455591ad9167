/// Access to an option's value in `SearchOptions`, whatever its type: as text, as JSON and for its
/// checks.
protocol OptionAccess: Sendable {
  func text(in options: SearchOptions) -> String
  func set(_ text: String, in options: inout SearchOptions) -> Bool
  func violation(
    in options: SearchOptions, _ limits: OptionLimits
  ) -> (value: String, expected: String)?
  func encode(
    _ options: SearchOptions, as key: SearchOption.Key,
    to container: inout KeyedEncodingContainer<SearchOption.Key>) throws
  func decode(
    _ key: SearchOption.Key, from container: KeyedDecodingContainer<SearchOption.Key>,
    into options: inout SearchOptions) throws
}

/// Access to one property of `SearchOptions`.
struct PropertyAccess<Value: OptionValue>: OptionAccess {
  let path: WritableKeyPath<SearchOptions, Value> & Sendable
  let range: OptionRange<Value>
  let isAlwaysStored: Bool

  func text(in options: SearchOptions) -> String { options[keyPath: path].optionText }

  func set(_ text: String, in options: inout SearchOptions) -> Bool {
    guard let value = Value(optionText: text) else { return false }
    options[keyPath: path] = value
    return true
  }

  func violation(
    in options: SearchOptions, _ limits: OptionLimits
  ) -> (value: String, expected: String)? {
    range.violation(options[keyPath: path], options, limits).map { ($0.value, $0.expected) }
  }

  func encode(
    _ options: SearchOptions, as key: SearchOption.Key,
    to container: inout KeyedEncodingContainer<SearchOption.Key>
  ) throws {
    let value = options[keyPath: path]
    guard isAlwaysStored || value != SearchOptions()[keyPath: path] else { return }
    try container.encode(value, forKey: key)
  }

  func decode(
    _ key: SearchOption.Key, from container: KeyedDecodingContainer<SearchOption.Key>,
    into options: inout SearchOptions
  ) throws {
    guard let value = try container.decodeIfPresent(Value.self, forKey: key) else { return }
    options[keyPath: path] = value
  }
}
