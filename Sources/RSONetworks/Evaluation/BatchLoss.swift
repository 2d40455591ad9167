import RSONumerics

/// The losses that are no means over samples: they are computed from the outputs for all samples of a
/// minibatch, or of a whole set.
///
/// *Reproducibility:* the same outputs give the same bits on any machine: answers are counted and outputs are
/// compared, and no function of the C library is used.
package struct BatchLoss {
  package let loss: Loss
  package let targets: Targets
  /// Outputs of a sample.
  let outputs: Int

  /// *Precondition:* `loss` is one of a whole minibatch, and suits the task of the targets.
  package init(_ loss: Loss, _ targets: Targets, outputs: Int) {
    precondition(loss.isOfWholeMinibatch && loss.suits(targets.task))
    self.loss = loss
    self.targets = targets
    self.outputs = outputs
  }

  /// The loss of samples; NaN where an output is not finite.
  ///
  /// - Parameters:
  ///   - rows: Their outputs. *Shape:* count x outputs.
  ///   - sample: The index among the targets of a row's sample.
  package func callAsFunction(
    _ rows: UnsafePointer<Float>, count: Int, sample: (_ row: Int) -> Int
  ) -> Double {
    for index in 0..<count * outputs where !rows[index].isFinite { return .nan }
    switch (loss, targets) {
    case (.rocAUC, .classes(let classes)):
      return Self.mean(
        // Both classes of two have the same curve.
        (outputs == 2 ? 1..<2 : 0..<outputs).compactMap { output in
          Self.area(
            (0..<count).map { margin(rows + $0 * outputs, output) },
            isPositive: { Int(classes[sample($0)]) == output })
        })
    case (.rocAUC, .labels(let labels, _)):
      return Self.mean(
        (0..<outputs).compactMap { output in
          Self.area(
            (0..<count).map { rows[$0 * outputs + output] },
            isPositive: { labels[sample($0) * outputs + output] != 0 })
        })
    case (.balancedError, .classes(let classes)):
      return Self.mean(
        counts(of: classes, rows, count, sample).filter { $0.samples > 0 }.map {
          Double($0.right) / Double($0.samples)
        })
    case (.macroF1, .classes(let classes)):
      return Self.f1(counts(of: classes, rows, count, sample))
    case (.macroF1, .labels(let labels, _)):
      var counts = [Counts](repeating: Counts(), count: outputs)
      for row in 0..<count {
        let first = sample(row) * outputs
        for output in 0..<outputs {
          let (answer, label) = (rows[row * outputs + output] > 0, labels[first + output] != 0)
          counts[output].answers += answer ? 1 : 0
          counts[output].samples += label ? 1 : 0
          counts[output].right += answer && label ? 1 : 0
        }
      }
      return Self.f1(counts)
    default: preconditionFailure("the loss suits the task")
    }
  }

  /// How often a class or label applies, is the answer, and both.
  private struct Counts {
    var samples = 0
    var answers = 0
    var right = 0
  }

  private func counts(
    of classes: [UInt16], _ rows: UnsafePointer<Float>, _ count: Int, _ sample: (Int) -> Int
  ) -> [Counts] {
    var counts = [Counts](repeating: Counts(), count: outputs)
    for row in 0..<count {
      let (values, label) = (rows + row * outputs, Int(classes[sample(row)]))
      var answer = 0
      for output in 1..<outputs where values[output] > values[answer] { answer = output }
      counts[label].samples += 1
      counts[answer].answers += 1
      if answer == label { counts[label].right += 1 }
    }
    return counts
  }

  private static func f1(_ counts: [Counts]) -> Double {
    mean(
      counts.filter { $0.samples + $0.answers > 0 }.map {
        Double(2 * $0.right) / Double($0.samples + $0.answers)
      })
  }

  /// 1 - the mean of shares; 0 where there are none.
  private static func mean(_ shares: [Double]) -> Double {
    shares.isEmpty ? 0 : 1 - shares.reduce(0, +) / Double(shares.count)
  }

  /// A class's logit minus the largest of the others.
  private func margin(_ values: UnsafePointer<Float>, _ output: Int) -> Float {
    var rival = -Float.infinity
    for other in 0..<outputs where other != output { rival = max(rival, values[other]) }
    return values[output] - rival
  }

  /// The area under the ROC curve: the share of pairs of a positive and a negative sample of which the positive
  /// one has the larger score; equal scores count half. Nil without such pairs.
  private static func area(_ scores: [Float], isPositive: (Int) -> Bool) -> Double? {
    // Scores as integers of the same order, with the target in the lowest bit.
    var keys = scores.indices.map { index in
      orderedBits(scores[index]) << 1 | (isPositive(index) ? 1 : 0)
    }
    keys.sort()
    // Twice the number of pairs, so that halves stay whole.
    var (pairs, negatives, positives) = (0, 0, 0)
    var start = 0
    while start < keys.count {
      var (own, others) = (0, 0)
      var end = start
      while end < keys.count, keys[end] >> 1 == keys[start] >> 1 {
        if keys[end] & 1 == 1 { own += 1 } else { others += 1 }
        end += 1
      }
      pairs += own * (2 * negatives + others)
      negatives += others
      positives += own
      start = end
    }
    guard positives > 0, negatives > 0 else { return nil }
    return Double(pairs) / Double(2 * positives) / Double(negatives)
  }

  /// An integer that grows with the number; the same for both zeros.
  private static func orderedBits(_ value: Float) -> UInt64 {
    let bits = (value + 0).bitPattern
    return UInt64(bits >> 31 == 0 ? bits | 1 << 31 : ~bits)
  }
}
