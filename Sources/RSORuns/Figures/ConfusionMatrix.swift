/// The numbers of samples of each class that were predicted to be of each class.
package struct ConfusionMatrix: Sendable, Hashable {
  /// *Shape:* true classes x predicted classes.
  package private(set) var counts: [[Int]]

  /// - Parameters:
  ///   - labels: The true class of each sample, 0 ..< classes.
  ///   - predictions: The predicted class of each sample, 0 ..< classes.
  package init(
    labels: some Sequence<Int>, predictions: some Sequence<Int>, classes: Int
  ) {
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
  }

  package init(_ counts: [[Int]]) {
    self.counts = counts
  }

  package var classes: Int { counts.count }
  package var samples: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  package var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The counts of each class against all others.
  package var perClass: [BinaryCounts] {
    var predicted = [Int](repeating: 0, count: classes)
    for row in counts { for (column, count) in row.enumerated() { predicted[column] += count } }
    return counts.indices.map {
      BinaryCounts(
        samples: counts[$0].reduce(0, +), predicted: predicted[$0], correct: counts[$0][$0])
    }
  }

  /// Samples of one class that were predicted to be of another one.
  package struct Confusion: Sendable, Hashable {
    package var label: Int
    package var prediction: Int
    package var count: Int

    package init(label: Int, prediction: Int, count: Int) {
      self.label = label
      self.prediction = prediction
      self.count = count
    }
  }

  /// The most frequent confusions, at most `limit`: the largest count first, equal ones in the order of
  /// the classes.
  package func largest(_ limit: Int) -> [Confusion] {
    let all = counts.indices.flatMap { label in
      counts.indices.compactMap { prediction -> Confusion? in
        let count = counts[label][prediction]
        guard label != prediction, count > 0 else { return nil }
        return Confusion(label: label, prediction: prediction, count: count)
      }
    }
    return Array(
      all.sorted { ($1.count, $0.label, $0.prediction) < ($0.count, $1.label, $1.prediction) }
        .prefix(limit))
  }
}
