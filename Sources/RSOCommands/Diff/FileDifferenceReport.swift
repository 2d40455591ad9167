import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// The result of `rso diff` for files of tensors.
package struct FileDifferenceReport {
  /// The files as the user names them.
  let first: String
  let second: String
  let difference: FileDifference

  package init(first: String, second: String, difference: FileDifference) {
    self.first = first
    self.second = second
    self.difference = difference
  }

  package var headline: String {
    let count = difference.notCompared.count
    switch difference.status {
    case 0: return "equal arrays"
    case 1 where difference.hasDifferentArrays: return "arrays that differ"
    case 1: return "metadata that differ"
    default:
      return difference.pairs.isEmpty
        ? "no arrays to compare"
        : "no difference in the arrays that were compared; \(Numbers.grouped(count)) of "
          + "\(Numbers.grouped(difference.pairs.count)) were not compared"
    }
  }

  // MARK: Columns

  private struct Row {
    let pair: FileDifference.Compared
    let numbers: NumberComparison
  }

  private var rows: [Row] {
    difference.pairs.compactMap { pair in
      guard !pair.result.isEqual, let numbers = pair.result.numbers else { return nil }
      return Row(pair: pair, numbers: numbers)
    }
  }

  private static var columns: [Column<Row>] {
    let name: Column<Row> = Column(
      "numbers", "numbers", align: .left, in: [.table], \.pair.name)
    let figures: [Column<Row>] = ChangeColumns.figures.map { $0.of(\.numbers) }
    let remarks: [Column<Row>] = [
      Column("types", "", align: .left, in: [.tableIfKnown]) { typesText($0.pair.result) },
      Column("nature", "", align: .left, in: [.tableIfKnown]) {
        $0.pair.nature.isEmpty ? nil : $0.pair.nature.joined(separator: ", ")
      },
    ]
    return [name] + figures + remarks.map(blank)
  }

  /// The same column with an empty cell for a missing value.
  private static func blank(_ column: Column<Row>) -> Column<Row> {
    Column<Row>(
      column.key, column.title, align: column.alignment, in: column.renderings, column.value
    ) { row in
      if case .text(let text) = column.value(row) { text } else { "" }
    }
  }

  private static func typesText(_ result: TensorDifference) -> String? {
    result.types.map { "\($0.0) -> \($0.1)" }
  }

  // MARK: All differences

  package func text(_ palette: Palette) -> String {
    var parts = [palette.title(headline)]
    let plain = plainTable.lines.dropFirst()
    let rows = rows
    if !plain.isEmpty || !rows.isEmpty {
      var lines = [palette.title("arrays")] + plain
      if !rows.isEmpty { lines += Report(rows, columns: Self.columns).table(indent: 2).lines }
      var largest = LargestChanges()
      for row in rows { largest.add(row.pair.result.first.name, Self.elements(row.pair.result)) }
      if !largest.isEmpty { lines += [""] + largest.table.lines }
      parts.append(lines.joined(separator: "\n"))
    }
    let layers = ChangedLayer.all(difference.pairs).filter { $0.changedTensors > 0 }
    if layers.count < rows.count {
      parts.append(
        ([palette.title("layers")]
          + Report(layers, columns: ChangedLayer.columns).table(indent: 2).lines)
          .joined(separator: "\n"))
    }
    let metadata = metadataTable.lines.dropFirst()
    if !metadata.isEmpty {
      parts.append(([palette.title("metadata")] + metadata).joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var metadataTable: Table {
    var table = Table(columns: [.left(""), .left("")], indent: 2)
    for text in difference.metadata {
      switch (text.first, text.second) {
      case (let one?, let other?):
        table.add([printable(text.name), "\(quoted(one)) -> \(quoted(other))"])
      case (_?, nil): table.add([printable(text.name), "only in \(quotedPath(first))"])
      case (nil, _): table.add([printable(text.name), "only in \(quotedPath(second))"])
      }
    }
    return table
  }

  /// The entries that differ in something else than numbers, and those that were not compared.
  private var plainTable: Table {
    var table = Table(columns: [.left(""), .left(""), .left("")], indent: 2)
    for pair in difference.pairs { if let row = Self.plainRow(pair) { table.add(row) } }
    for (singles, file) in [(difference.onlyFirst, first), (difference.onlySecond, second)] {
      for single in singles {
        let nearest = single.nearest.map { "; the nearest name is \(quoted($0))" } ?? ""
        table.add([
          single.entry.name, shapeText(single.entry.knownShape),
          "only in \(quotedPath(file))\(nearest)",
        ])
      }
    }
    return table
  }

  private static func plainRow(_ pair: FileDifference.Compared) -> [String]? {
    switch pair.result.outcome {
    case .equal, .numbers: return nil
    case .shape(let one, let other):
      return [pair.name, "shape \(shapeText(one))", "-> shape \(shapeText(other))"]
    case .texts(let texts):
      guard let change = texts.firstChange else { return nil }
      return [
        pair.name, "\(Numbers.grouped(texts.changed)) of \(Numbers.count(texts.count, "text"))",
        "\(quoted(change.first)) -> \(quoted(change.second))",
      ]
    case .bytes(let changed, let count):
      return [
        pair.name, pair.result.first.type.name,
        "\(Numbers.grouped(changed)) of \(Numbers.count(count, "byte")) changed",
      ]
    case .kind: return [pair.name, "another kind of object", typesText(pair.result) ?? ""]
    case .notCompared(let reason): return [pair.name, "not compared", reason]
    }
  }

  static func elements(_ result: TensorDifference) -> [ElementDifference] {
    (result.numbers?.mostChanged.elements ?? []).map { element in
      ElementDifference(
        place: ObjectDifference.coordinates(element.index, result.first.shape),
        first: element.first, second: element.second)
    }
  }

  // MARK: One line for each array

  /// Returns the first line, a line for each array that differs, and a line for all of them.
  package func summary(_ palette: Palette) -> String {
    var table = Table(columns: [.left(""), .right(""), .left("")])
    for pair in difference.pairs where !pair.result.isEqual {
      if let numbers = pair.result.numbers {
        table.add([
          pair.name, "\(Numbers.grouped(numbers.changed)) of \(Numbers.grouped(numbers.count))",
          String(repeating: "+", count: Int((numbers.shareChanged * 30).rounded(.up))),
        ])
      } else {
        table.add([pair.name, pair.notCompared == nil ? "differs" : "not compared", ""])
      }
    }
    for single in difference.onlyFirst {
      table.add([single.entry.name, "only in \(quotedPath(first))", ""])
    }
    for single in difference.onlySecond {
      table.add([single.entry.name, "only in \(quotedPath(second))", ""])
    }
    for text in difference.metadata { table.add(["metadata \(quoted(text.name))", "differs", ""]) }
    return ([palette.title(headline)] + table.lines.dropFirst() + [totalLine])
      .joined(separator: "\n") + "\n"
  }

  private var totalLine: String {
    let total = difference.total
    let equal = difference.pairs.count { $0.result.isEqual }
    return "\(Numbers.grouped(equal)) of \(Numbers.count(difference.pairs.count, "pair")) equal; "
      + "\(Numbers.percent(total.shareChanged)) of \(Numbers.count(total.count, "number")) changed, "
      + "relative L2 \(Numbers.value(total.relativeNorm)), cosine \(Numbers.value(total.cosine))"
  }

  // MARK: JSON

  package func json() throws -> String {
    let total = difference.total
    let totals = Report([total], columns: ChangeColumns.figures)
    let members: [String: ReportValue] = [
      "first": first.reportValue, "second": second.reportValue,
      // True only where everything was compared.
      "equal": (difference.status == 0).reportValue,
      "pairs": difference.pairs.count.reportValue,
      "compared": (difference.pairs.count - difference.notCompared.count).reportValue,
      "differences": .list(differences.map { .object($0) }),
      "not_compared": .list(
        difference.notCompared.map { pair in
          .object(names(pair).merging(["reason": pair.notCompared.reportValue]) { $1 })
        }),
      "layers": Report(ChangedLayer.all(difference.pairs), columns: ChangedLayer.columns).json,
      "total": .object(totals.members(of: total)),
      "metadata": .list(
        difference.metadata.map { text in
          .object([
            "name": text.name.reportValue, "first": text.first.reportValue,
            "second": text.second.reportValue,
          ])
        }),
    ]
    return try JSONText.encode(ReportValue.object(members))
  }

  private func names(_ pair: FileDifference.Compared) -> [String: ReportValue] {
    let (one, other) = (pair.result.first.name, pair.result.second.name)
    return [
      "object": "arrays/\(one)".reportValue,
      "second_object": one == other ? .missing : "arrays/\(other)".reportValue,
    ]
  }

  private var differences: [[String: ReportValue]] {
    difference.different.map { pair in names(pair).merging(members(pair)) { $1 } }
      + difference.onlyFirst.map { members($0, "missing", "first") }
      + difference.onlySecond.map { members($0, "extra", "second") }
  }

  private func members(
    _ single: NamePairing.Single, _ kind: String, _ side: String
  ) -> [String: ReportValue] {
    [
      "object": "arrays/\(single.entry.name)".reportValue, "kind": kind.reportValue,
      side: shapeText(single.entry.knownShape).reportValue, "nearest": single.nearest.reportValue,
    ]
  }

  private func members(_ pair: FileDifference.Compared) -> [String: ReportValue] {
    func members(_ kind: String, _ first: String?, _ second: String?) -> [String: ReportValue] {
      ["kind": kind.reportValue, "first": first.reportValue, "second": second.reportValue]
    }
    switch pair.result.outcome {
    case .equal, .notCompared: return [:]
    case .shape(let one, let other): return members("shape", shapeText(one), shapeText(other))
    case .kind: return members("kind", pair.result.types?.0, pair.result.types?.1)
    case .texts(let texts):
      return members("text", texts.firstChange?.first, texts.firstChange?.second).merging([
        "count": texts.count.reportValue, "changed": texts.changed.reportValue,
      ]) { $1 }
    case .bytes(let changed, let count):
      return members("bytes", nil, nil).merging([
        "count": count.reportValue, "changed": changed.reportValue,
      ]) { $1 }
    case .numbers(let numbers):
      var result = members(
        numbers.changed == 0 ? "type" : "numbers", pair.result.types?.0, pair.result.types?.1)
      result.merge(Report([numbers], columns: ChangeColumns.figures).members(of: numbers)) { $1 }
      result["most_changed"] =
        Report(Self.elements(pair.result), columns: DifferenceReport.elementColumns).json
      if case .success(let spectrum) = pair.spectrum {
        result["rank"] = spectrum.rank.reportValue
        result["singular_values"] = spectrum.values.values.reportValue
      }
      return result
    }
  }
}
