/// The keys of a convolution's or a pool's window in an architecture's JSON.
extension SpecificationReader {
  /// A number for both sides, or [height, width].
  func extentIfPresent(_ key: String) throws(ArchitectureError) -> Extent? {
    guard let numbers = try numbersIfPresent(key, Self.extentForm) else { return nil }
    switch numbers.count {
    case 1: return Extent(side: numbers[0])
    case 2: return Extent(height: numbers[0], width: numbers[1])
    default: throw wrong(key, "expected \(Self.extentForm)")
    }
  }

  /// "same", "valid", a number for all sides, [rows, columns] or [top, left, bottom, right].
  func paddingIfPresent(_ key: String) throws(ArchitectureError) -> Padding? {
    if let word = wordIfPresent(key) {
      switch word {
      case "same": return .same
      case "valid": return .valid
      default: throw wrong(key, KnownWords.paddings.refusal(of: word, key, list: "known words"))
      }
    }
    guard let numbers = try numbersIfPresent(key, Self.paddingForm) else { return nil }
    switch numbers.count {
    case 1: return .edges(Edges(Extent(side: numbers[0])))
    case 2: return .edges(Edges(Extent(height: numbers[0], width: numbers[1])))
    case 4:
      return .edges(
        Edges(top: numbers[0], left: numbers[1], bottom: numbers[2], right: numbers[3]))
    default: throw wrong(key, "expected \(Self.paddingForm)")
    }
  }

  private static let extentForm = "a whole number or [height, width]"
  private static let paddingForm =
    "a whole number, 'same', 'valid', [rows, columns] or [top, left, bottom, right]"
}

extension SpecificationWriter {
  mutating func write(_ key: String, _ extent: Extent) throws {
    if extent.height == extent.width {
      try write(key, extent.height)
    } else {
      try write(key, [extent.height, extent.width])
    }
  }

  mutating func write(_ key: String, _ padding: Padding) throws {
    switch padding {
    case .same: try write(key, "same")
    case .edges(let edges):
      guard let both = edges.symmetric else { return try write(key, edges.all) }
      try write(key, both)
    }
  }

  /// Writes what is not the default. The kernel is the caller's.
  mutating func write(_ window: Window, stride: Extent, padding: Padding) throws {
    if window.stride != stride { try write("stride", window.stride) }
    if window.dilation != Extent(side: 1) { try write("dilation", window.dilation) }
    if window.padding != padding { try write("padding", window.padding) }
  }
}
