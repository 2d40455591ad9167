import FoundationEssentials

/// A sweep with every cell written out.
///
/// Its JSON is again a file that describes a sweep.
package struct SweepDefinition: Sendable, Equatable, Encodable {
  /// A combination of options of `rso train`.
  package struct Cell: Sendable, Hashable, Encodable {
    var name: String
    /// Values by the long name of their option.
    var options: [String: SweepValue]

    package init(name: String, options: [String: SweepValue]) {
      self.name = name
      self.options = options
    }
  }

  var name: String
  var about: String?
  var cells: [Cell]
  var seeds: [UInt64]

  package init(name: String, about: String?, cells: [Cell], seeds: [UInt64]) {
    self.name = name
    self.about = about
    self.cells = cells
    self.seeds = seeds
  }

  /// Returns a file that describes the same sweep, with the name and all options of every cell.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
