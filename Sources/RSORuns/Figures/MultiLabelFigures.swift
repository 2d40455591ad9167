internal import Glibc
import RSONetworks

/// The figures of a network that predicts any number of labels for a sample.
package struct MultiLabelFigures: Sendable, Equatable {
  package struct LabelFigures: Sendable, Equatable {
    package var counts: BinaryCounts
    /// The area under the curve of the label's probability; nil if it is not defined.
    package var rocArea: Double?
  }

  /// The share of samples whose labels were all predicted right, 0 to 1.
  package var exactMatch: Double
  package var exactMatchInterval: Interval
  /// The share of single labels that were predicted right: 1 - the Hamming loss.
  package var labelAccuracy: Double
  /// The counts of all labels together: its precision, recall and F1 are the micro averages.
  package var micro: BinaryCounts
  /// The value is nil if no label occurs.
  package var macro: MacroFigures?
  /// The mean over the labels for which it is defined; nil if there are none.
  package var rocArea: Double?
  /// The mean binary cross entropy of samples and labels, in nats.
  package var logLoss: Double
  package var perLabel: [LabelFigures]

  /// Returns nil without samples. A label is predicted if its logit is above 0, so its probability above 1/2.
  ///
  /// - Parameters:
  ///   - labels: 1 where a sample has a label, 0 elsewhere. *Shape:* samples x `count`.
  ///   - logits: *Shape:* samples x `count`.
  ///   - count: The number of labels.
  package init?(labels: [UInt8], logits: [Float], count: Int, pool: WorkerPool) {
    precondition(count > 0 && labels.count == logits.count && labels.count % count == 0)
    let samples = labels.count / count
    var counts = [BinaryCounts](repeating: BinaryCounts(), count: count)
    var (matches, right, loss) = (0, 0, 0.0)
    for start in stride(from: 0, to: labels.count, by: count) {
      var rightHere = 0
      for label in 0..<count {
        let (isSet, logit) = (labels[start + label] != 0, Double(logits[start + label]))
        if isSet { counts[label].samples += 1 }
        if logit > 0 { counts[label].predicted += 1 }
        if isSet, logit > 0 { counts[label].correct += 1 }
        if isSet == (logit > 0) { rightHere += 1 }
        // ln(1 + e^z) - t z, without overflow.
        loss += max(logit, 0) + log1p(exp(-abs(logit))) - (isSet ? logit : 0)
      }
      right += rightHere
      if rightHere == count { matches += 1 }
    }
    guard let interval = Interval.wilson(matches, of: samples) else { return nil }
    exactMatch = Double(matches) / Double(samples)
    exactMatchInterval = interval
    labelAccuracy = Double(right) / Double(labels.count)
    micro = counts.reduce(into: BinaryCounts()) {
      $0.samples += $1.samples
      $0.predicted += $1.predicted
      $0.correct += $1.correct
    }
    macro = MacroFigures(counts)
    logLoss = loss / Double(labels.count)
    let areas = pool.map(count) { label in
      ROCArea.area(
        scores: (0..<samples).map { Double(logits[$0 * count + label]) }
      ) { labels[$0 * count + label] != 0 }
    }
    let defined = areas.compactMap { $0 }
    rocArea = defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    perLabel = zip(counts, areas).map { LabelFigures(counts: $0, rocArea: $1) }
  }
}
