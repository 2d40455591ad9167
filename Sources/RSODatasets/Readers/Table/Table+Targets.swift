import RSONumerics

extension Table {
  /// The label columns, as the table has them.
  ///
  /// - Parameters:
  ///   - task: The task that the user chose; nil if the labels tell it.
  ///   - training: The labels of the training table, which those of another table are like.
  ///
  /// *Throws:* `TableError` if a cell is not a number and has to be one, or a column has too many texts.
  package func rawTargets(
    for task: LearningTask? = nil, like training: RawTargets? = nil
  ) throws(TableError) -> RawTargets {
    if targets.count == 1, targets[0].numbers == nil {
      try requireNames(task, like: training)
      return try texts
    }
    if case .texts? = training, targets.count == 1 { return try texts }
    let integers = targets.compactMap(\.integers)
    if integers.count == targets.count {
      return .integers(Self.rowMajor(integers), columns: targets.count)
    }
    let numbers = targets.compactMap(\.numbers)
    guard numbers.count == targets.count else {
      let index = targets.firstIndex { $0.numbers == nil } ?? 0
      throw notNumber(
        index,
        ", as each of several labels must be; correct it, or choose other columns with --label"
      )
    }
    return .numbers(Self.rowMajor(numbers.map { $0.map { Double($0) } }), columns: targets.count)
  }

  /// The reason why the labels may be meant as numbers, although they are taken as names of classes; nil if
  /// there is none.
  ///
  /// - Parameter task: The task that the user chose.
  func doubt(for task: LearningTask?) -> DataDoubt? {
    guard task == nil, targets.count == 1, let other = targets[0].firstOther,
      Self.isMostlyNumbers(targets[0])
    else { return nil }
    return .mixedLabels(place: place(of: other, in: 0), text: other.text)
  }

  // MARK: Texts

  private var texts: RawTargets {
    get throws(TableError) {
      let texts = targets[0].texts
      guard let codes = targets[0].codes else {
        throw .tooManyTexts(path: path, label: labels[0], count: texts.count)
      }
      return .texts(codes.map { texts[Int($0)] })
    }
  }

  /// Checks that a label column with texts that are not numbers has names of classes.
  ///
  /// Numbers with missing values, with values that are not finite or with decimal commas are numbers to be
  /// corrected. So are numbers with a fraction, or too many for classes, where less than half of the cells are texts.
  /// `--task classification`, and classes that are known, say that all texts are names.
  private func requireNames(
    _ task: LearningTask?, like training: RawTargets?
  ) throws(TableError) {
    let column = targets[0]
    switch (training, task) {
    case (.texts?, _), (nil, .classification?): return
    case (_?, _):
      throw notNumber(0, ", as the labels of the training set are; correct it, or remove the line")
    case (nil, nil):
      let hasNames = column.nameCount > 0 || column.numberCount + column.commaCount == 0
      let areMany = column.codes == nil || column.texts.count > Targets.maximumOutputs
      let areNumbers = Self.isMostlyNumbers(column) && (column.hasFractions || areMany)
      if hasNames, !areNumbers { return }
    case (nil, _?): break
    }
    throw notNumber(
      0, "; correct it, or use --task classification if the labels are names",
      mayBeName: task == nil)
  }

  /// True if at least half of the cells are numbers.
  private static func isMostlyNumbers(_ column: TargetPart) -> Bool {
    column.numberCount > 0 && 2 * column.numberCount >= column.count
  }

  /// The error about the first cell of a label column that is not a number.
  ///
  /// - Parameter advice: The words after `not a number`, if no fault of the cell is known.
  private func notNumber(
    _ target: Int, _ advice: String, mayBeName: Bool = false
  ) -> TableError {
    guard let cell = targets[target].firstOther else { return .noRows(path: path) }
    var kind = TableFault.Kind.notNumber(cell.text)
    if case .text(let text) = kind, LabelText(text) == .unusable { kind = .tooLarge(text: text) }
    return .cell(
      path: path, place: place(of: cell, in: target),
      message: kind.message(label: labels[target], advice: advice, mayBeName: mayBeName))
  }

  private func place(of cell: TargetPart.Cell, in target: Int) -> String {
    place(line: cell.line + 1, column: schema.targets[target])
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
