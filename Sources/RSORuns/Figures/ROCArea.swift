/// The area under the receiver operating characteristic.
package enum ROCArea {
  /// The probability that a sample with the label has a higher score than one without it. Equal scores
  /// count half. *Range:* 0 to 1.
  ///
  /// It is nil if all samples have the label or none has it, and if a score is NaN.
  ///
  /// *Complexity:* O(n log n).
  ///
  /// - Parameters:
  ///   - scores: One per sample.
  ///   - hasLabel: Tells if the sample of an index has the label.
  package static func area(scores: [Double], hasLabel: (Int) -> Bool) -> Double? {
    guard scores.allSatisfy({ !$0.isNaN }) else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var (with, rankSum) = (0, 0.0)
    var first = 0
    while first < order.count {
      var end = first
      while end < order.count, scores[order[end]] == scores[order[first]] { end += 1 }
      // Samples of equal score share the mean of their ranks, first + 1 to end.
      let count = order[first..<end].count(where: hasLabel)
      with += count
      rankSum += Double(count) * Double(first + 1 + end) / 2
      first = end
    }
    let without = scores.count - with
    guard with > 0, without > 0 else { return nil }
    let least = Double(with) * Double(with + 1) / 2
    return (rankSum - least) / (Double(with) * Double(without))
  }
}
