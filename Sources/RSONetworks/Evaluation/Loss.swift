internal import Glibc

/// The function that a search minimises. The loss of a set of samples is the mean over them.
///
/// In the definitions, z are a sample's logits, y is its label and K the number of classes.
package enum Loss: String, Sendable, Codable, CaseIterable {
  /// ln(sum over k of e^z[k]) - z[y], in nats: PyTorch's `CrossEntropyLoss`.
  case crossEntropy = "cross-entropy"
  /// (1 / K) * sum over k of (z[k] - t[k])^2, with t[y] = 1 and 0 elsewhere: PyTorch's `MSELoss` of
  /// the logits and the labels' one-hot vectors.
  case squared
  /// 0 where y is the first of the largest logits, 1 elsewhere: the share of wrong answers.
  case zeroOne = "zero-one"
  /// max(0, 1 + (the largest z[k] of k != y) - z[y]): the multi-class hinge of Crammer and Singer.
  case hinge

  /// The loss of one sample; NaN where a logit is not finite.
  package func callAsFunction(_ logits: [Double], label: Int) -> Double {
    guard logits.allSatisfy(\.isFinite) else { return .nan }
    switch self {
    case .crossEntropy:
      let largest = logits.reduce(-.infinity) { max($0, $1) }
      let exponentials = logits.reduce(0) { $0 + exp($1 - largest) }
      return largest + log(exponentials) - logits[label]
    case .squared:
      let squares = logits.enumerated().reduce(0.0) { sum, entry in
        let error = entry.element - (entry.offset == label ? 1 : 0)
        return sum + error * error
      }
      return squares / Double(logits.count)
    case .zeroOne:
      return Self.answer(logits) == label ? 0 : 1
    case .hinge:
      let rival = logits.indices.filter { $0 != label }.map { logits[$0] }.max() ?? -.infinity
      return max(0, 1 + rival - logits[label])
    }
  }

  /// The class of the largest logit; the first of equal ones.
  package static func answer(_ logits: [Double]) -> Int {
    logits.indices.dropFirst().reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }
}
