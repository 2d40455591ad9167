import RSOSystem

/// The values by name at the start of a GGUF file, as texts.
struct GGUFMetadata {
  private static let longestName = 1 << 16
  /// Longer texts, and arrays of more elements, are described.
  private static let longestText = 1 << 16
  private static let mostElements = 16
  private static let deepest = 4
  private static let mostTextBytes = 1 << 26

  private(set) var texts: [String: String] = [:]
  private(set) var alignment = 32
  private var textBytes = 0

  private static let alignmentName = "general.alignment"

  /// *Throws:* `GGUFError`, also for a name that occurs twice.
  init(_ scanner: inout GGUFScanner, count: Int) throws(GGUFError) {
    for _ in 0..<count {
      let name = try scanner.text("a name in its metadata", limit: Self.longestName)
      guard texts[name] == nil else {
        throw GGUFError(problem: "its metadata has \(quoted(name)) twice")
      }
      let type = try scanner.number()
      let text = try Self.value(&scanner, type, depth: 0)
      textBytes += name.utf8.count + text.utf8.count
      guard textBytes <= Self.mostTextBytes else {
        throw GGUFError(problem: "its metadata has more than \(Self.mostTextBytes) bytes of text")
      }
      texts[name] = text
      guard name == Self.alignmentName else { continue }
      guard let alignment = Int(text), (1...(1 << 20)).contains(alignment) else {
        throw GGUFError(problem: "its alignment is \(quoted(text))")
      }
      self.alignment = alignment
    }
  }

  /// The sizes of the types of numbers, by their number in the file; 8 is a text, 9 an array.
  private static let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
  private static let names = [
    "uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "bool", "text", "array",
    "uint64", "int64", "float64",
  ]

  private static func value(
    _ scanner: inout GGUFScanner, _ type: Int, depth: Int
  ) throws(GGUFError) -> String {
    guard sizes.indices.contains(type), depth <= deepest else {
      throw GGUFError(problem: "its metadata has a value of type \(type), which is not read")
    }
    switch type {
    case 8: return try text(&scanner)
    case 9: return try array(&scanner, depth: depth)
    default: return number(type, try scanner.bits(sizes[type]))
    }
  }

  private static func number(_ type: Int, _ bits: UInt64) -> String {
    switch type {
    case 1: "\(Int8(truncatingIfNeeded: bits))"
    case 3: "\(Int16(truncatingIfNeeded: bits))"
    case 5: "\(Int32(truncatingIfNeeded: bits))"
    case 6: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))"
    case 7: bits == 0 ? "false" : "true"
    case 11: "\(Int64(bitPattern: bits))"
    case 12: "\(Double(bitPattern: bits))"
    default: "\(bits)"
    }
  }

  private static func text(_ scanner: inout GGUFScanner) throws(GGUFError) -> String {
    let count = try scanner.count("bytes of a text")
    guard count <= longestText else {
      try scanner.skip(count)
      return "text of \(count) bytes"
    }
    return String(decoding: try scanner.bytes(count), as: UTF8.self)
  }

  private static func array(_ scanner: inout GGUFScanner, depth: Int) throws(GGUFError) -> String {
    let type = try scanner.number()
    let count = try scanner.count("elements of an array")
    guard sizes.indices.contains(type) else {
      throw GGUFError(problem: "its metadata has an array of type \(type), which is not read")
    }
    guard count <= mostElements, type != 9 else {
      if sizes[type] > 0 {
        let (size, overflow) = count.multipliedReportingOverflow(by: sizes[type])
        guard !overflow else { throw GGUFError(problem: "its header ends early") }
        try scanner.skip(size)
      } else {
        // Each element takes bytes, so that the file bounds their number.
        for _ in 0..<count {
          if type == 8 {
            try scanner.skip(try scanner.count("bytes of a text"))
          } else {
            _ = try value(&scanner, type, depth: depth + 1)
          }
        }
      }
      return "array of \(count) \(names[type])"
    }
    var values: [String] = []
    for _ in 0..<count { values.append(try value(&scanner, type, depth: depth + 1)) }
    return "[\(values.joined(separator: ", "))]"
  }
}
