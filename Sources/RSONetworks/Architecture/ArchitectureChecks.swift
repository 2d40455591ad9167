import RSONumerics

/// Checks a name, which becomes part of paths in checkpoints and exports, and a word in reports.
func checkName(_ name: String, position: String) throws(ArchitectureError) {
  let allowed = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default:
      false
    }
  }
  guard allowed, !name.isEmpty, name.utf8.count <= ArchitectureLimits.nameLength else {
    throw .invalid(
      position: position,
      reason: "bad name '\(name.prefix(ArchitectureLimits.nameLength))'; use 1 to "
        + "\(ArchitectureLimits.nameLength) letters, digits, '-' and '_'")
  }
}

extension ImageShape {
  /// Checks that each side, and their product, is within bounds.
  func check(position: String, subject: String) throws(ArchitectureError) {
    let sides = 1...ArchitectureLimits.side
    let isPixel = height == 1 && width == 1
    let mostChannels = isPixel ? ArchitectureLimits.features : ArchitectureLimits.channels
    guard (1...mostChannels).contains(channels), sides.contains(height),
      sides.contains(width), count <= ArchitectureLimits.elements
    else {
      throw .invalid(
        position: position,
        reason: """
          \(subject) of \(self) are out of bounds; at most \(ArchitectureLimits.features) \
          features, or \(ArchitectureLimits.channels) channels of \(ArchitectureLimits.side) x \
          \(ArchitectureLimits.side) pixels and \(ArchitectureLimits.elements) numbers
          """)
    }
  }
}
