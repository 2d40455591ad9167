/// The cost of each answer to samples of each class. Not in the paper.
///
/// As text: `none`, or the costs of the answers to each class, with commas between answers and semicolons between
/// classes: `0,1;5,0`.
package struct CostMatrix: Sendable, Hashable, Codable {
  /// The costs, a row for each class; empty for none.
  package private(set) var rows: [[Double]] = []

  package init() {}

  /// Returns nil if `text` is no such text.
  package init?(_ text: String) {
    guard text != "none" else { return }
    for row in text.split(separator: ";", omittingEmptySubsequences: false) {
      guard let costs = NumberList.numbers(in: row) else { return nil }
      rows.append(costs)
    }
  }

  /// The most classes that a matrix may have: the plan stores every cost.
  static let mostClasses = 256

  /// True if there is a finite, non-negative cost for each answer to each class.
  var isComplete: Bool {
    rows.count <= Self.mostClasses
      && rows.allSatisfy { row in
        row.count == rows.count && row.allSatisfy { $0 >= 0 && Float($0).isFinite }
      }
  }
}

extension CostMatrix: LosslessStringConvertible, OptionValue {
  package var description: String {
    guard !rows.isEmpty else { return "none" }
    return rows.map(NumberList.text(of:)).joined(separator: ";")
  }
}
