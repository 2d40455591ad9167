import RSOSystem

/// The first records of a table, by which its separator and header are found.
struct TableSample {
  /// The records that are looked at.
  private static let maximumRecords = 200
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The texts of a record, and where the next one begins.
  private struct Record {
    var cells: [String]
    /// The index behind the record and its line end.
    var end: Int
    /// The lines up to there.
    var lines: Int
  }

  private let syntax: CellSyntax
  private let records: [Record]

  /// - Parameters:
  ///   - bytes: The first bytes of the table, at most up to the end of a record.
  ///   - areAllLabels: True for a table of labels alone, whose only column may have texts with blanks.
  init(_ bytes: [UInt8], areAllLabels: Bool = false) {
    let start = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    let candidates = [CellSyntax.Separator.tab, .semicolon, .comma].map { separator in
      let syntax = CellSyntax(separator: separator)
      return (syntax, Self.records(bytes, from: start, syntax))
    }
    let blanks = CellSyntax(separator: .blanks)
    let found =
      candidates.first { Self.agree($0.1) }
      ?? candidates.first { $0.1.first.map { $0.cells.count > 1 } ?? false }
      ?? (blanks, Self.records(bytes, from: start, blanks))
    (syntax, records) =
      areAllLabels && found.0 == blanks && !Self.haveNumbers(found.1) ? candidates[2] : found
  }

  /// Returns the columns of the table, without labels. Nil for a table without records.
  ///
  /// - Parameter hasNames: True if the first record names the columns, although it may not look so.
  func schema(hasNames: Bool = false) -> TableSchema? {
    guard let first = records.first else { return nil }
    let second = records.dropFirst().first
    var schema = TableSchema(syntax: syntax, columns: (second ?? first).cells.count)
    if let announcement = Self.announcement(first.cells, columns: second?.cells.count) {
      schema.announcement = announcement
    } else if hasNames || isHeader {
      schema.columns = first.cells.count
      schema.names = first.cells
    } else {
      schema.columns = first.cells.count
      return schema
    }
    schema.start = first.end
    schema.startLines = first.lines
    return schema
  }

  /// True if the records have two cells or more, and a number.
  var hasNumbers: Bool { Self.haveNumbers(records) }

  private static func haveNumbers(_ records: [Record]) -> Bool {
    agree(records) && records.contains { $0.cells.contains(where: isNumber) }
  }

  // MARK: Rules

  /// True if all records have 2 cells or more, and all but the first, which may be of another kind, the
  /// same number.
  private static func agree(_ records: [Record]) -> Bool {
    let counts = records.map(\.cells.count)
    return !counts.isEmpty && counts.allSatisfy { $0 > 1 } && Set(counts.dropFirst()).count <= 1
  }

  /// True if the first record names the columns: it has text where the other records have only
  /// numbers, or text alone where they have numbers somewhere.
  private var isHeader: Bool {
    let rest = records.dropFirst()
    guard let first = records.first, !rest.isEmpty else {
      return records.allSatisfy { $0.cells.allSatisfy(Self.isText) }
    }
    let columns = first.cells.indices.filter { Self.isText(first.cells[$0]) }
    let isNamed = columns.contains { column in
      let below = rest.compactMap { $0.cells.count > column ? $0.cells[column] : nil }
      return below.contains(where: Self.isNumber) && !below.contains(where: Self.isText)
    }
    let namesAll = first.cells.allSatisfy { !Self.isNumber($0) } && !columns.isEmpty
    return isNamed || (namesAll && rest.contains { $0.cells.contains(where: Self.isNumber) })
  }

  /// The first line of scikit-learn's tables.
  private static func announcement(
    _ cells: [String], columns: Int?
  ) -> TableSchema.Announcement? {
    guard cells.count >= 4, let rows = Int(cells[0]), let features = Int(cells[1]), rows > 0,
      features > 0, features < Int(Int32.max), columns == features + 1,
      cells.dropFirst(2).allSatisfy(isText)
    else { return nil }
    return TableSchema.Announcement(rows: rows, classNames: Array(cells.dropFirst(2)))
  }

  /// True for a number, also for one with a decimal comma, which the parser reports.
  private static func isNumber(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var index = 0
    let isWhole = DecimalText.float(bytes.span, at: &index) != nil && index == bytes.count
    return isWhole || TableFault.Kind.hasDecimalComma(text)
  }

  /// True for a text that is neither a number nor a missing one.
  private static func isText(_ text: String) -> Bool {
    guard !isNumber(text) else { return false }
    if case .text = TableFault.Kind.notNumber(text) { return true }
    return false
  }

  private static func records(
    _ bytes: [UInt8], from start: Int, _ syntax: CellSyntax
  ) -> [Record] {
    let bytes = bytes.span
    var records: [Record] = []
    var index = start
    var lines = 0
    while records.count < maximumRecords {
      lines += syntax.skipEmptyLines(bytes, &index)
      guard index < bytes.count else { break }
      var cells: [String] = []
      repeat {
        let cell = syntax.cell(bytes, at: index)
        cells.append(syntax.text(bytes, cell) ?? "")
        lines += cell.lines(in: bytes)
        // A stray quote makes the rest of the cell another cell; the parser reports it.
        index = cell.end
      } while syntax.advance(bytes, &index)
      while index < bytes.count, !CellSyntax.isLineEnd(bytes[index]) { index += 1 }
      CellSyntax.skipLineEnd(bytes, &index)
      records.append(Record(cells: cells, end: index, lines: lines + 1))
      lines += 1
    }
    return records
  }
}
