import RSONumerics

/// The way from the targets of a file to those of a task. It is found by the training set, and is the same
/// for all parts.
struct TargetMapping {
  private enum Kind {
    /// The classes' labels, in the order of the classes.
    case classes([ClassLabel: UInt16])
    case oneHot
    case flags
    case numbers
  }

  private let kind: Kind
  private let columns: Int
  /// The number of classes, labels or numbers.
  let outputs: Int
  /// The names of the outputs; empty for 0, 1, 2 ...
  let outputNames: [String]

  /// - Parameters:
  ///   - parts: The training set first; each with its name in messages.
  ///   - columnNames: The names of the columns; empty if they have none.
  ///   - classNames: The classes of a network, as in `DataRequest`.
  ///
  /// *Throws:* `AssemblyError`.
  init(
    _ parts: [(name: String, targets: RawTargets)], columnNames: [String], task: LearningTask?,
    classNames: [String]? = nil
  ) throws(AssemblyError) {
    let training = parts[0].targets
    columns = training.columns
    for part in parts where part.targets.columns != columns {
      throw .targetMismatch(
        part: part.name, columns: part.targets.columns, trainingColumns: columns)
    }
    guard columns <= Targets.maximumOutputs else { throw .tooManyOutputs(columns: columns) }
    kind =
      columns == 1
      ? try Self.kindOfColumn(parts, task: task, classNames: classNames)
      : try Self.kindOfMatrix(parts, columns: columns, task: task)
    switch kind {
    case .classes(let classes):
      if let classNames {
        outputs = classNames.count
        let isPlain = classes.allSatisfy { $0.key == .integer(Int64($0.value)) }
        outputNames = isPlain ? [] : classNames
        return
      }
      outputs = classes.count
      let labels = classes.sorted { $0.value < $1.value }.map(\.key)
      let isPlain = labels.enumerated().allSatisfy { $0.element == .integer(Int64($0.offset)) }
      outputNames = isPlain ? [] : labels.map(\.name)
    case .oneHot, .flags, .numbers:
      outputs = columns
      outputNames = columnNames.count == columns ? columnNames : []
    }
  }

  private static func kindOfColumn(
    _ parts: [(name: String, targets: RawTargets)], task: LearningTask?, classNames: [String]?
  ) throws(AssemblyError) -> Kind {
    let training = parts[0].targets
    var isReal = false
    if case .numbers = training { isReal = true }
    switch task ?? (isReal ? .regression : .classification) {
    case .classification:
      guard let classNames else { return .classes(try classes(of: training)) }
      return .classes(try classes(of: parts, named: classNames))
    case .multiLabel: return .flags
    case .regression: return .numbers
    }
  }

  private static func kindOfMatrix(
    _ parts: [(name: String, targets: RawTargets)], columns: Int, task: LearningTask?
  ) throws(AssemblyError) -> Kind {
    switch task {
    case .regression: return .numbers
    case .multiLabel: return .flags
    case .classification: return .oneHot
    case nil:
      let flags = parts.map(\.targets.flags)
      guard flags.allSatisfy({ $0 != nil }) else {
        guard case .numbers = parts[0].targets else { throw .unclearTargets(columns: columns) }
        return .numbers
      }
      let isOneHot = flags.allSatisfy { firstOther(in: $0 ?? [], columns) == nil }
      return isOneHot ? .oneHot : .flags
    }
  }

  /// The first row that is not one-hot.
  private static func firstOther(in flags: [UInt8], _ columns: Int) -> Int? {
    (0..<flags.count / columns).first { row in
      flags[row * columns..<(row + 1) * columns].reduce(0, { $0 + Int($1) }) != 1
    }
  }

  /// The classes of the training set, in the order of their labels.
  private static func classes(
    of training: RawTargets
  ) throws(AssemblyError) -> [ClassLabel: UInt16] {
    guard let labels = training.labels else { throw .notClasses }
    let sorted = Set(labels).sorted()
    guard sorted.count >= 2 else { throw .tooFewClasses(label: sorted.first?.name ?? "") }
    guard sorted.count <= Targets.maximumOutputs else {
      let areTexts = sorted.contains { !isInteger($0) }
      throw .tooManyClasses(count: sorted.count, areTexts: areTexts)
    }
    return Dictionary(
      uniqueKeysWithValues: sorted.enumerated().map { ($0.element, UInt16($0.offset)) })
  }

  /// The classes of a network that the labels of all parts name. If they name none, and are numbers of classes,
  /// they stand for themselves.
  private static func classes(
    of parts: [(name: String, targets: RawTargets)], named names: [String]
  ) throws(AssemblyError) -> [ClassLabel: UInt16] {
    let numbers = Dictionary(names.enumerated().map { ($1, UInt16($0)) }) { first, _ in first }
    var found: Set<ClassLabel> = []
    for part in parts {
      guard let labels = part.targets.labels else { throw .notClasses }
      found.formUnion(labels)
    }
    let others = found.filter { numbers[$0.name] == nil }.sorted()
    if others.isEmpty {
      return Dictionary(uniqueKeysWithValues: found.map { ($0, numbers[$0.name] ?? 0) })
    }
    let plain = found.compactMap { label -> (ClassLabel, UInt16)? in
      guard case .integer(let number) = label, names.indices.contains(Int(number)) else {
        return nil
      }
      return (label, UInt16(number))
    }
    guard others.count == found.count, plain.count == found.count else {
      throw .unknownClasses(labels: others.map(\.name), classes: names)
    }
    return Dictionary(uniqueKeysWithValues: plain)
  }

  /// Returns the targets of a part.
  ///
  /// *Throws:* `AssemblyError`.
  func targets(_ raw: RawTargets, part: String) throws(AssemblyError) -> Targets {
    switch kind {
    case .classes(let classes):
      guard let labels = raw.labels else { throw .notClasses }
      var result: [UInt16] = []
      result.reserveCapacity(labels.count)
      for (index, label) in labels.enumerated() {
        guard let number = classes[label] else {
          if case .text = label, classes.keys.contains(where: { Self.isInteger($0) }) {
            throw .mixedTargets(label: label.name, part: part, index: index)
          }
          throw .unknownLabel(label: label.name, part: part, index: index)
        }
        result.append(number)
      }
      return .classes(result)
    case .oneHot:
      guard let flags = raw.flags else { throw .notOneHot(part: part, index: 0) }
      if let index = Self.firstOther(in: flags, columns) {
        throw .notOneHot(part: part, index: index)
      }
      return .classes(
        flags.indices.filter { flags[$0] == 1 }.map { UInt16($0 % columns) })
    case .flags:
      guard let flags = raw.flags else { throw .notFlags }
      return .labels(flags, count: columns)
    case .numbers:
      guard let floats = raw.floats else { throw .notNumbers }
      return .numbers(floats, count: columns)
    }
  }

  private static func isInteger(_ label: ClassLabel) -> Bool {
    if case .integer = label { true } else { false }
  }
}
