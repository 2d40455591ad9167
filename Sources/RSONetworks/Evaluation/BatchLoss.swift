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

  /// *Precondition:* `loss` is one of a whole minibatch that rso computes, and suits the task of the targets.
  package init(_ loss: Loss, _ targets: Targets, outputs: Int) {
    precondition(
      loss.isOfWholeMinibatch && loss != .program && loss.suits(targets.task))
    self.loss = loss
    self.targets = targets
    self.outputs = outputs
  }

  /// The loss of samples; 0 where none is defined, see `Loss.isDefined`; NaN where an output is not finite.
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

  /// The counts of one class or label: samples that have it, answers with it, and right answers.
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
  ///
  /// The scores of the rarer kind are sorted, and the others are looked up in them.
  private static func area(_ scores: [Float], isPositive: (Int) -> Bool) -> Double? {
    var (positives, negatives): ([UInt32], [UInt32]) = ([], [])
    for index in scores.indices {
      let bits = orderedBits(scores[index])
      if isPositive(index) { positives.append(bits) } else { negatives.append(bits) }
    }
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    // Twice the number of pairs in order, so that halves stay whole.
    var pairs = 0
    if negatives.count < positives.count {
      negatives.sort()
      for score in positives {
        let (below, equal) = place(of: score, in: negatives)
        pairs += 2 * below + equal
      }
    } else {
      positives.sort()
      for score in negatives {
        let (below, equal) = place(of: score, in: positives)
        pairs += 2 * (positives.count - below) - equal
      }
    }
    return Double(pairs) / Double(2 * positives.count) / Double(negatives.count)
  }

  /// The numbers of sorted scores below one, and equal to it.
  private static func place(of score: UInt32, in sorted: [UInt32]) -> (below: Int, equal: Int) {
    sorted.withUnsafeBufferPointer { sorted in
      /// The number of scores for which the condition holds: the first ones.
      func count(where holds: (UInt32) -> Bool) -> Int {
        var (start, rest) = (0, sorted.count)
        while rest > 0 {
          let half = rest / 2
          if holds(sorted[start + half]) {
            start += half + 1
            rest -= half + 1
          } else {
            rest = half
          }
        }
        return start
      }
      let below = count { $0 < score }
      guard below < sorted.count, sorted[below] == score else { return (below, 0) }
      return (below, count { $0 <= score } - below)
    }
  }

  /// An integer that grows with the number; the same for both zeros.
  private static func orderedBits(_ value: Float) -> UInt32 {
    let bits = (value + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
}
