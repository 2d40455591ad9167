import RSOTensorFiles

/// Tensors of a file whose elements are the same, bit for bit.
package enum DuplicateTensors {
  /// Returns groups of two or more descriptions by their indices. Tensors of one number only, such as biases
  /// of zeros, are not compared with others.
  ///
  /// Only tensors with the same type, shape and figures are read again.
  package static func groups(
    of descriptions: [TensorDescription], in file: TensorFile, threads: Int
  ) -> [[Int]] {
    var candidates: [Key: [Int]] = [:]
    for (index, description) in descriptions.enumerated() {
      guard let numbers = description.numbers, numbers.count > 1, !numbers.isConstant,
        description.problem == nil
      else { continue }
      candidates[Key(description.entry, numbers), default: []].append(index)
    }
    var groups: [[Int]] = []
    for indices in candidates.values where indices.count > 1 {
      groups += divide(indices, descriptions, file, threads)
    }
    return groups.sorted { $0[0] < $1[0] }
  }

  /// The properties that equal tensors share.
  private struct Key: Hashable {
    let type: TensorType
    let shape: [Int]
    let figures: [UInt64]

    init(_ entry: TensorEntry, _ numbers: NumberStatistics) {
      type = entry.type
      shape = entry.shape
      figures = [
        numbers.mean, numbers.norm, numbers.standardDeviation, numbers.minimum, numbers.maximum,
        Double(numbers.nans), Double(numbers.infinities), Double(numbers.zeros),
      ].map(\.bitPattern)
    }
  }

  /// Compares each tensor with the first one of each group that was found.
  private static func divide(
    _ indices: [Int], _ descriptions: [TensorDescription], _ file: TensorFile, _ threads: Int
  ) -> [[Int]] {
    var groups: [[Int]] = []
    for index in indices {
      let entry = descriptions[index].entry
      let pairs = groups.map { TensorDifference.Pair(descriptions[$0[0]].entry, entry) }
      let place = TensorDifference.all(pairs, in: file, file, threads: threads)
        .firstIndex(where: \.isEqual)
      if let place {
        groups[place].append(index)
      } else {
        groups.append([index])
      }
    }
    return groups.filter { $0.count > 1 }
  }
}
