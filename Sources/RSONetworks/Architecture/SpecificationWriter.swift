/// Writes one object of an architecture's JSON.
struct SpecificationWriter {
  private var container: KeyedEncodingContainer<SpecificationKey>

  init(_ encoder: any Encoder) {
    container = encoder.container(keyedBy: SpecificationKey.self)
  }

  mutating func write(_ key: String, _ value: some Encodable) throws {
    try container.encode(value, forKey: SpecificationKey(key))
  }
}
