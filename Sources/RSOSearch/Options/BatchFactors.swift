/// Factors on the minibatch size of some layers, by the layers' names.
///
/// A step in a layer near the labels costs a fraction of a step near the input, so more samples cost
/// little there. Not in the paper.
///
/// As text: `conv5:4,fc:8`, or `none`. A layer that is not named has the factor 1.
package struct BatchFactors: Sendable, Hashable {
  package let factors: [String: Int]

  package init(_ factors: [String: Int] = [:]) {
    self.factors = factors
  }

  /// Returns nil if `text` is not a list of layers with whole numbers, or names one twice.
  package init?(_ text: String) {
    var factors: [String: Int] = [:]
    if text == "none" {
      self.init()
      return
    }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let colon = part.lastIndex(of: ":"), colon > part.startIndex,
        let factor = Int(part[part.index(after: colon)...]),
        factors.updateValue(factor, forKey: String(part[..<colon])) == nil
      else { return nil }
    }
    self.init(factors)
  }

  package subscript(layer: String) -> Int { factors[layer] ?? 1 }
}

extension BatchFactors: LosslessStringConvertible, OptionValue {
  /// The layers in the order of their names.
  package var description: String {
    factors.isEmpty
      ? "none"
      : factors.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
  }
}

extension BatchFactors: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: Int].self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(factors)
  }
}
