import RSONumerics

/// Draws validation and test samples from a training set. Which samples are drawn is a function of the
/// seed and the samples' indices and classes alone, so that a resumed run draws the same ones.
package enum DatasetDivision {
  /// Purposes of the random words, apart from those of a search (`RandomPurpose`).
  private enum Purpose: UInt64 {
    case validation = 0x101
    case test = 0x102
  }

  /// Returns the data set with the parts that `request` asks for; the test set is drawn first.
  ///
  /// *Throws:* `AssemblyError` where a part is asked for that the data set has, or that is too large.
  package static func divide(
    _ dataset: consuming Dataset, _ request: DataRequest
  ) throws(AssemblyError) -> Dataset {
    let seed = request.seed ?? 0
    switch request.test {
    case nil: break
    case .some(.none): dataset.test = nil
    case .some(let part):
      guard dataset.test == nil else { throw .hasPart(part: "test", option: "test") }
      dataset.test = try draw(part, .test, "test", from: &dataset.training, seed)
    }
    switch request.validation {
    case nil: break
    case .some(.none): dataset.validation = nil
    case .some(let part):
      guard dataset.validation == nil else {
        throw .hasPart(part: "validation", option: "validation")
      }
      dataset.validation = try draw(part, .validation, "validation", from: &dataset.training, seed)
    }
    return dataset
  }

  /// Moves a part of the training set into a set of its own. Both keep the order of the samples.
  private static func draw(
    _ part: DataRequest.Part, _ purpose: Purpose, _ name: String, from training: inout SampleSet,
    _ seed: UInt64
  ) throws(AssemblyError) -> SampleSet {
    let total = training.count
    let wanted: Int
    switch part {
    case .none: wanted = 0
    case .share(let share): wanted = max(1, Int((Double(total) * share).rounded()))
    case .count(let count): wanted = count
    }
    let strata = strata(of: training)
    let available = strata.reduce(0) { $0 + $1.count - 1 }
    guard wanted <= available else {
      throw .partTooLarge(part: name, count: wanted, available: available)
    }
    var isDrawn = [Bool](repeating: false, count: total)
    let key = Philox.Key(seed, purpose.rawValue)
    for (stratum, count) in zip(strata, counts(wanted, of: strata.map(\.count))) {
      let order = stratum.map { index in
        (word: Philox.block(counter: Philox.Counter(UInt64(index), 0, 0, 0), key: key)[0], index)
      }.sorted { ($0.word, $0.1) < ($1.word, $1.1) }
      for (_, index) in order.prefix(count) { isDrawn[index] = true }
    }
    let drawn = training.selected(isDrawn.indices.filter { isDrawn[$0] })
    training = training.selected(isDrawn.indices.filter { !isDrawn[$0] })
    return drawn
  }

  /// The samples of each class; for other tasks all samples together.
  private static func strata(of set: SampleSet) -> [[Int]] {
    guard case .classes(let classes) = set.targets else { return [Array(0..<set.count)] }
    var strata = [[Int]](repeating: [], count: set.outputs)
    for (index, label) in classes.enumerated() { strata[Int(label)].append(index) }
    return strata.filter { !$0.isEmpty }
  }

  /// The number to draw of each stratum: in proportion to its size, rounded by largest remainders (the
  /// first of equals), but never all of it.
  ///
  /// - Parameter wanted: At most the sum of `sizes`, each minus 1.
  static func counts(_ wanted: Int, of sizes: [Int]) -> [Int] {
    let total = sizes.reduce(0, +)
    guard total > 0 else { return sizes }
    var counts = sizes.map { min($0 - 1, wanted * $0 / total) }
    let order = sizes.indices.sorted { first, second in
      let remainders = (wanted * sizes[first] % total, wanted * sizes[second] % total)
      return remainders.0 != remainders.1 ? remainders.0 > remainders.1 : first < second
    }
    var missing = wanted - counts.reduce(0, +)
    while missing > 0 {
      let before = missing
      for index in order where missing > 0 && counts[index] < sizes[index] - 1 {
        counts[index] += 1
        missing -= 1
      }
      if missing == before { break }
    }
    return counts
  }
}
