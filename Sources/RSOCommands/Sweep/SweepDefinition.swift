import Foundation

/// What a sweep consists of, every cell spelt out.
///
/// Its JSON is a file of the kind that it was read from.
struct SweepDefinition: Sendable, Equatable, Encodable {
  /// Options of `rso train` under a name.
  struct Cell: Sendable, Hashable, Encodable {
    var name: String
    /// By their long names.
    var options: [String: SweepValue]
  }

  var name: String
  var about: String?
  var cells: [Cell]
  var seeds: [UInt64]

  /// A file that describes the same sweep, every cell by name and with all its options.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
