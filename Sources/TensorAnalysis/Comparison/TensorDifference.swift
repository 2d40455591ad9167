import RSOTensorFiles

/// The result of the comparison of two entries.
package struct TensorDifference: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    /// All elements are equal, and so are the types; with the figures of numbers.
    case equal(NumberComparison?)
    case shape([Int], [Int])
    /// The elements differ, or only their types do.
    case numbers(NumberComparison)
    /// The number of texts that differ, and the first of them.
    case texts(TextComparison)
    /// Elements that are not decoded, such as quantised blocks: their bytes differ.
    case bytes(changed: Int, of: Int)
    /// One holds numbers, the other text, or elements that are not decoded.
    case kind
    /// The reason why the elements were not compared.
    case notCompared(String)
  }

  package var first: TensorEntry
  package var second: TensorEntry
  package var outcome: Outcome

  package init(_ first: TensorEntry, _ second: TensorEntry, _ outcome: Outcome) {
    self.first = first
    self.second = second
    self.outcome = outcome
  }

  package var isEqual: Bool {
    if case .equal = outcome { true } else { false }
  }

  /// The figures of numbers that were compared.
  package var numbers: NumberComparison? {
    switch outcome {
    case .equal(let numbers): numbers
    case .numbers(let numbers): numbers
    default: nil
    }
  }

  /// The two types, if they are not the same.
  package var types: (String, String)? {
    first.type == second.type ? nil : (first.type.name, second.type.name)
  }
}

extension TensorDifference {
  /// A pair of entries that are compared. Their shapes may differ.
  package struct Pair: Sendable {
    package var first: TensorEntry
    package var second: TensorEntry

    package init(_ first: TensorEntry, _ second: TensorEntry) {
      self.first = first
      self.second = second
    }
  }

  /// Compares pairs of entries: one result for each pair, in their order.
  ///
  /// Numbers are compared by their values, exactly: integers as integers, complex numbers by both parts.
  ///
  /// - Parameter threads: They divide large tensors, too.
  ///
  /// *Complexity:* one pass over both. *Memory:* 3 MiB for each thread, and 80 MiB
  /// for one that reads elements which are not row-major. *Reproducibility:* the same digits for any number
  /// of threads.
  package static func all(
    _ pairs: [Pair], in first: TensorFile, _ second: TensorFile,
    tolerance: ComparisonTolerance = .exact,
    threads: Int
  ) -> [TensorDifference] {
    var results = pairs.map { TensorDifference($0.first, $0.second, decided($0) ?? .equal(nil)) }
    let counts = pairs.map { decided($0) == nil ? ($0.first.count ?? 0) : nil }
    let tasks = Pieces.tasks(counts) { index in
      pairs[index].first.storage?.plainRange != nil
        && pairs[index].second.storage?.plainRange != nil
        && pairs[index].first.type.element != nil
    }
    let comparer = PairComparer(first: first, second: second, tolerance: tolerance)
    let found = Work.results(tasks, threads: threads) {
      task throws(TensorFileError) -> [PairComparer.Piece] in
      try comparer.pieces(of: pairs[task.entry], task.pieces)
    }
    var pieces = [[PairComparer.Piece]](repeating: [], count: pairs.count)
    for (task, result) in zip(tasks, found) {
      switch result {
      case .success(let found): pieces[task.entry] += found
      case .failure(let error): results[task.entry].outcome = .notCompared(error.problem)
      }
    }
    for index in pairs.indices {
      guard case .equal = results[index].outcome else { continue }
      results[index].outcome = PairComparer.outcome(
        pieces[index], haveSameType: pairs[index].first.type == pairs[index].second.type)
    }
    return results
  }

  /// The outcome that is known before the elements are read; nil if they are to be read.
  private static func decided(_ pair: Pair) -> Outcome? {
    let problems = [pair.first.problem, pair.second.problem].compactMap { $0 }
    if let problem = problems.first { return .notCompared(problem) }
    if (pair.first.type == .text) != (pair.second.type == .text)
      || (pair.first.type.element == nil) != (pair.second.type.element == nil)
    {
      return .kind
    }
    if pair.first.shape != pair.second.shape { return .shape(pair.first.shape, pair.second.shape) }
    guard pair.first.count != nil else { return .notCompared("it has too many elements") }
    if case .other = pair.first.type {
      guard pair.first.type == pair.second.type else { return .kind }
      guard pair.first.byteCount == pair.second.byteCount else {
        return .notCompared("the two have different sizes in bytes")
      }
    }
    return nil
  }
}
