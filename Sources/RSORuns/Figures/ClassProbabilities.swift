internal import Glibc

/// The softmax of logits. All its values are NaN for a sample with a logit that is not finite.
package struct ClassProbabilities: Sendable {
  package let classes: Int
  /// *Shape:* samples x classes.
  private let logits: [Float]
  private let summaries: [Summary]

  /// One sample's logits.
  private struct Summary {
    /// The class of the largest logit; the first one of several.
    var winner: Int
    var largest: Double
    /// The sum of e^(z[k] - largest) over all classes but the winner.
    var rest: Double
    /// The natural logarithm of `rest`; finite where `rest` rounds to 0, too.
    var logRest: Double
  }

  /// - Parameter logits: *Shape:* samples x classes.
  package init(logits: [Float], classes: Int) {
    precondition(classes > 0 && logits.count % classes == 0)
    self.classes = classes
    self.logits = logits
    summaries = stride(from: 0, to: logits.count, by: classes).map { start in
      let row = logits[start..<(start + classes)]
      guard row.allSatisfy(\.isFinite) else {
        return Summary(winner: 0, largest: .nan, rest: .nan, logRest: .nan)
      }
      let place = row.indices.dropFirst().reduce(start) { row[$1] > row[$0] ? $1 : $0 }
      let largest = Double(row[place])
      let others = row.indices.lazy.filter { $0 != place }.map { Double(row[$0]) }
      let second = others.reduce(-.infinity) { max($0, $1) }
      let sum = others.reduce(0.0) { $0 + exp($1 - second) }
      return Summary(
        winner: place - start, largest: largest, rest: exp(second - largest) * sum,
        logRest: second - largest + log(sum))
    }
  }

  package var samples: Int { summaries.count }

  /// The natural logarithm of the probability of a class.
  package func logarithm(sample: Int, class index: Int) -> Double {
    let summary = summaries[sample]
    return difference(sample, index) - log1p(summary.rest)
  }

  /// The natural logarithm of p / (1 - p). It orders samples as the probability p does, and does not
  /// round to a constant where p is near 0 or 1.
  package func logOdds(sample: Int, class index: Int) -> Double {
    let summary = summaries[sample]
    let difference = difference(sample, index)
    if index == summary.winner { return -summary.logRest }
    return difference - log1p(max(0, summary.rest - exp(difference)))
  }

  /// The probability of a class, 0 to 1.
  package func probability(sample: Int, class index: Int) -> Double {
    exp(logarithm(sample: sample, class: index))
  }

  /// The probabilities of all classes.
  package func probabilities(sample: Int) -> [Double] {
    (0..<classes).map { probability(sample: sample, class: $0) }
  }

  /// The difference of a logit from the largest one: at most 0.
  private func difference(_ sample: Int, _ index: Int) -> Double {
    Double(logits[sample * classes + index]) - summaries[sample].largest
  }
}
