import RSONumerics

/// The units in which the loss and the proposals take the numbers to predict. Not in the paper.
///
/// As text: `none`, `deviations`, or a number for each number to predict, `1,2.5,1000`.
package struct TargetScales: Sendable, Hashable, Codable {
  /// One for each number to predict; empty for none, and until `deviations` are computed.
  package private(set) var scales: [Double] = []
  /// True if the scales are the standard deviations of the training set's numbers.
  package private(set) var areDeviations = false

  package static let deviations = TargetScales(scales: [], areDeviations: true)
  /// The scales that a plan may have. With one that is far from the errors, the loss may still overflow or vanish.
  static let possible = 1e-30...1e30

  package init() {}

  /// Returns nil if `text` is no such text.
  package init?(_ text: String) {
    switch text {
    case "none": return
    case "deviations": self = .deviations
    default:
      guard let numbers = NumberList.numbers(in: text) else { return nil }
      scales = numbers
    }
  }

  private init(scales: [Double], areDeviations: Bool) {
    self.scales = scales
    self.areDeviations = areDeviations
  }

  package var isNone: Bool { scales.isEmpty && !areDeviations }

  /// The name of a loss, with the unit in which it takes the numbers if that is not theirs.
  package func unit(of loss: String) -> String {
    if isNone { return loss }
    return "\(loss), in " + (areDeviations ? "deviations of the targets" : "target scales")
  }

  /// The scales as a report shows them; nil for none.
  package var reportText: String? { isNone ? nil : description }

  /// Computes the deviations of the training set's targets.
  package mutating func measure(_ targets: Targets) {
    guard areDeviations else { return }
    scales = targets.moments.map {
      min(max($0.deviation, Self.possible.lowerBound), Self.possible.upperBound)
    }
  }
}

extension TargetScales: LosslessStringConvertible, OptionValue {
  package static var optionTexts: [String] { ["none", "deviations"] }

  package var description: String {
    if isNone { return "none" }
    return areDeviations ? "deviations" : NumberList.text(of: scales)
  }
}
