/// The version of the checkpoint format. A reader refuses a newer major version. A newer minor version may
/// have more objects, but the known ones keep their meaning.
package struct FormatVersion: Sendable, Hashable {
  package var major: Int
  package var minor: Int

  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `1.0`: two decimal numbers, each of at most 4 digits and without leading zeros.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in part.utf8.count <= 4 ? UInt16(part) : nil }
    guard parts.count == 2, numbers.count == 2 else { return nil }
    self.init(major: Int(numbers[0]), minor: Int(numbers[1]))
    guard description == text else { return nil }
  }
}

extension FormatVersion: CustomStringConvertible {
  package var description: String { "\(major).\(minor)" }
}

extension FormatVersion: Comparable {
  package static func < (first: FormatVersion, second: FormatVersion) -> Bool {
    (first.major, first.minor) < (second.major, second.minor)
  }
}
