import RSOSystem

extension TableSchema {
  /// Names of the label column, in lower case, if the user names none.
  private static let labelNames = ["label", "class", "target", "y"]

  /// Chooses the label columns, and the order of the features.
  ///
  /// - Parameter path: For messages.
  ///
  /// *Throws:* `TableError` where the table does not have such columns.
  mutating func choose(_ labels: Table.Labels, path: String) throws(TableError) {
    switch labels {
    case .none: targets = []
    case .all: targets = Array(0..<columns)
    case .columns(let given): targets = try labelColumns(given, path)
    case .like(let others, let label):
      try choose(like: others, label, needsLabels: true, path)
    case .samples(let others, let label):
      ignoresTargets = true
      try choose(like: others, label, needsLabels: false, path)
    }
    if case .all = labels { return }
    guard features > 0 else { throw .noFeatures(path: path, columns: columns) }
  }

  /// Chooses the columns that another table has.
  private mutating func choose(
    like others: TableColumns, _ label: String?, needsLabels: Bool, _ path: String
  ) throws(TableError) {
    if let names, let wanted = others.features {
      return try choose(wanted, of: names, like: others, label, needsLabels: needsLabels, path)
    }
    let hasFeaturesAlone = columns == others.count && !needsLabels
    // No chosen label, and none known: the labels were in another file, or the data were no table.
    targets = hasFeaturesAlone ? [] : try labelColumns(like: others, label, path)
    guard features == others.count else {
      throw .columnCount(
        path: path, columns: columns, features: others.count, labels: targets.count,
        needsLabels: needsLabels)
    }
  }

  /// Chooses the columns with these names as features.
  private mutating func choose(
    _ wanted: [String], of names: [String], like others: TableColumns, _ label: String?,
    needsLabels: Bool, _ path: String
  ) throws(TableError) {
    let known = Set(names)
    let missing = wanted.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw .missingColumns(path: path, names: missing, there: description)
    }
    if needsLabels { targets = try labelColumns(like: others, label, path) }
    let isFeature = Set(wanted)
    let found = names.indices.filter { isFeature.contains(names[$0]) && !targets.contains($0) }
    if found.map({ names[$0] }) == wanted {
      order = found
    } else {
      // Names that occur twice say nothing about an order.
      let places = Dictionary(grouping: found) { names[$0] }
      let uses = Dictionary(grouping: wanted) { $0 }
      let twice = wanted.first { (places[$0]?.count ?? 1) > 1 || uses[$0]?.count != 1 }
      if let twice { throw .repeatedColumn(path: path, name: twice) }
      let lost = wanted.filter { places[$0] == nil }
      guard lost.isEmpty else {
        throw .missingColumns(path: path, names: lost, there: description)
      }
      order = wanted.compactMap { places[$0]?.first }
    }
    let chosen = Set(found + targets)
    let rest = names.indices.filter { !chosen.contains($0) }
    guard !needsLabels || rest.isEmpty else {
      throw .otherColumns(path: path, names: rest.map { names[$0] })
    }
    targets += rest
  }

  /// The label columns of a table with these columns.
  private func labelColumns(
    like others: TableColumns, _ label: String?, _ path: String
  ) throws(TableError) -> [Int] {
    if label != nil || others.labels.isEmpty { return try labelColumns(label, path) }
    if names != nil, others.features != nil {
      var found: [Int] = []
      for label in others.labels {
        guard let column = column(label) else { throw lack(of: label, path) }
        found.append(column)
      }
      return found
    }
    let places = others.places.map { $0 - 1 }
    let areThere = places.allSatisfy((0..<columns).contains) && Set(places).count == places.count
    guard areThere else {
      throw .columnCount(
        path: path, columns: columns, features: others.count, labels: places.count,
        needsLabels: true)
    }
    return places
  }

  /// The columns in the value of `--label`; nil for the default.
  func labelColumns(_ given: String?, _ path: String) throws(TableError) -> [Int] {
    guard let given else { return [knownLabel ?? columns - 1] }
    if let column = column(given) { return [column] }
    var found: [Int] = []
    for part in given.split(separator: ",") {
      guard let column = column(String(part)) else {
        let names = names ?? []
        throw lack(of: names.contains(String(part)) ? String(part) : given, path)
      }
      guard !found.contains(column) else {
        throw .repeatedLabel(path: path, label: given, column: label(of: column))
      }
      found.append(column)
    }
    guard !found.isEmpty else {
      throw .noSuchColumn(path: path, label: given, there: description)
    }
    return found
  }

  private func lack(of label: String, _ path: String) -> TableError {
    (names ?? []).contains(label)
      ? .ambiguousLabel(path: path, label: label)
      : .noSuchColumn(path: path, label: label, there: description)
  }

  /// `3 columns: a, b, kind`, with at most 20 names.
  private var description: String {
    "\(columns) columns" + (names.map { ": " + $0.prefix(20).joined(separator: ", ") } ?? "")
  }

  /// The column with one of the names of a label.
  private var knownLabel: Int? {
    Self.labelNames.lazy.compactMap { name in
      names?.firstIndex { $0.lowercased() == name }
    }.first
  }

  private func column(_ given: String) -> Int? {
    let named = (names ?? []).indices.filter { names?[$0] == given }
    if named.count == 1 { return named[0] }
    guard let number = Int(given) else { return nil }
    let column = number < 0 ? columns + number : number - 1
    return (0..<columns).contains(column) ? column : nil
  }
}
