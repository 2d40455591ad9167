/// The expected calibration error: how far the confidence of a classifier is from its accuracy.
package enum CalibrationError {
  package static let bins = 15

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
    guard !confidences.isEmpty, confidences.allSatisfy({ !$0.isNaN }) else { return nil }
    var confidence = [Double](repeating: 0, count: bins)
    var correct = [Int](repeating: 0, count: bins)
    for (index, value) in confidences.enumerated() {
      let bin = min(max(Int((value * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
      confidence[bin] += value
      if isCorrect(index) { correct[bin] += 1 }
    }
    let distance = zip(confidence, correct).reduce(0) { $0 + abs(Double($1.1) - $1.0) }
    return distance / Double(confidences.count)
  }
}
