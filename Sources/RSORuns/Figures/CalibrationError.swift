/// The expected calibration error: how far the confidence of a classifier is from its accuracy.
package enum CalibrationError {
  package static let bins = 15

  /// The samples whose confidence is in one bin of (0, 1].
  package struct Bin: Sendable, Hashable {
    package var samples = 0
    /// Samples whose prediction is right.
    package var correct = 0
    /// The sum of the confidences.
    package var confidence = 0.0

    /// The mean confidence; nil without samples.
    package var meanConfidence: Double? { samples == 0 ? nil : confidence / Double(samples) }
    /// The share of right predictions; nil without samples.
    package var accuracy: Double? { samples == 0 ? nil : Double(correct) / Double(samples) }
  }

  /// Sorts the samples by confidence into equal bins of (0, 1], and returns the mean of
  /// |accuracy - mean confidence| over the bins, weighted by their number of samples. *Range:* 0 to 1.
  ///
  /// It is nil without samples, and if a confidence is NaN.
  ///
  /// *Source:* Guo and others, "On calibration of modern neural networks" (arXiv 1706.04599), § 2, with
  /// its 15 bins.
  ///
  /// - Parameters:
  ///   - confidences: The probability of the predicted class of each sample.
  ///   - isCorrect: Tells if the prediction for the sample of an index is right.
  package static func expected(confidences: [Double], isCorrect: (Int) -> Bool) -> Double? {
    guard let bins = bins(confidences: confidences, isCorrect: isCorrect) else { return nil }
    let distance = bins.reduce(0) { $0 + abs(Double($1.correct) - $1.confidence) }
    return distance / Double(confidences.count)
  }

  /// The samples in their bins, from the lowest confidence to the highest; nil without samples, and if a
  /// confidence is NaN.
  package static func bins(confidences: [Double], isCorrect: (Int) -> Bool) -> [Bin]? {
    guard !confidences.isEmpty, confidences.allSatisfy({ !$0.isNaN }) else { return nil }
    var bins = [Bin](repeating: Bin(), count: Self.bins)
    for (index, value) in confidences.enumerated() {
      let bin = min(max(Int((value * Double(Self.bins)).rounded(.up)) - 1, 0), Self.bins - 1)
      bins[bin].samples += 1
      bins[bin].confidence += value
      if isCorrect(index) { bins[bin].correct += 1 }
    }
    return bins
  }
}
