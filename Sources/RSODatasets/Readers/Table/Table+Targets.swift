extension Table {
  /// The label columns, as the table has them.
  ///
  /// *Throws:* `TableError` if several columns are not all numbers, or one has too many texts.
  package func rawTargets() throws(TableError) -> RawTargets {
    if targets.count == 1, targets[0].numbers == nil {
      guard let codes = targets[0].codes else {
        throw .tooManyTexts(path: path, label: labels[0], count: targets[0].texts.count)
      }
      let texts = targets[0].texts
      return .texts(codes.map { texts[Int($0)] })
    }
    let integers = targets.compactMap(\.integers)
    if integers.count == targets.count {
      return .integers(Self.rowMajor(integers), columns: targets.count)
    }
    let numbers = targets.compactMap(\.numbers)
    guard numbers.count == targets.count else {
      let index = targets.firstIndex { $0.numbers == nil } ?? 0
      throw .textLabels(path: path, label: labels[index])
    }
    return .numbers(Self.rowMajor(numbers.map { $0.map { Double($0) } }), columns: targets.count)
  }

  private static func rowMajor<Value>(_ columns: [[Value]]) -> [Value] {
    guard columns.count > 1, let rows = columns.map(\.count).min() else { return columns[0] }
    var values: [Value] = []
    values.reserveCapacity(rows * columns.count)
    for row in 0..<rows {
      for column in columns { values.append(column[row]) }
    }
    return values
  }
}
