import RSONumerics

/// Factors on the losses of the samples of each class. Not in the paper.
///
/// As text: `none`, `balanced`, or a number for each class, `1,2.5,10`.
package struct ClassWeights: Sendable, Hashable, Codable {
  /// One for each class; empty for none, and until `balanced` weights are computed.
  package private(set) var weights: [Double] = []
  /// True if the weights follow from the numbers of training samples.
  package private(set) var balanced = false

  package init() {}

  /// Returns nil if `text` is no such text.
  package init?(_ text: String) {
    switch text {
    case "none": return
    case "balanced": balanced = true
    default:
      guard let numbers = NumberList.numbers(in: text) else { return nil }
      weights = numbers
    }
  }

  package var isNone: Bool { weights.isEmpty && !balanced }

  /// Computes balanced weights: n / (c * n[k]) for n training samples of c classes that occur, n[k] of them of
  /// class k. A class without samples has the weight 1.
  package mutating func balance(_ targets: Targets, classes: Int) {
    guard balanced, case .classes(let labels) = targets else { return }
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[Int(label)] += 1 }
    let occurring = counts.count { $0 > 0 }
    weights = counts.map { $0 == 0 ? 1 : Double(labels.count) / Double(occurring * $0) }
  }
}

extension ClassWeights: LosslessStringConvertible, OptionValue {
  package static var optionTexts: [String] { ["none", "balanced"] }

  package var description: String {
    if isNone { return "none" }
    return balanced ? "balanced" : NumberList.text(of: weights)
  }
}
