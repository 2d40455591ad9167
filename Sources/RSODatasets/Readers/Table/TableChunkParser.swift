/// Reads the records in a part of a table. Parts are independent of each other, so that several
/// threads can read them.
struct TableChunkParser: Sendable {
  private let schema: TableSchema
  private let syntax: CellSyntax
  /// The place of each column among the labels; nil for a feature.
  private let targetOfColumn: [Int?]

  init(_ schema: TableSchema) {
    self.schema = schema
    syntax = schema.syntax
    targetOfColumn = (0..<schema.columns).map { schema.targets.firstIndex(of: $0) }
  }

  /// Reads whole records.
  ///
  /// - Parameter start: The bytes to leave out at the beginning.
  func parse(_ bytes: [UInt8], from start: Int = 0) -> TableChunk {
    var chunk = TableChunk(
      targets: Array(repeating: TargetPart(), count: schema.targets.count))
    // A cell and its separator take 2 bytes at least; typical ones take 8.
    chunk.features.reserveCapacity(bytes.count / 8)
    let bytes = bytes.span
    var index = start
    do throws(TableFault) {
      while true {
        chunk.lines += syntax.skipEmptyLines(bytes, &index)
        guard index < bytes.count else { break }
        try readRecord(bytes, &index, into: &chunk)
      }
    } catch {
      chunk.fault = error
    }
    return chunk
  }

  private func readRecord(
    _ bytes: Span<UInt8>, _ index: inout Int, into chunk: inout TableChunk
  ) throws(TableFault) {
    let start = index
    let line = chunk.lines
    for column in 0..<schema.columns {
      if let target = targetOfColumn[column] {
        let text = try text(bytes, &index, line, column, &chunk.lines)
        if !schema.ignoresTargets {
          guard !text.isEmpty, text.lowercased() != "nan" else {
            throw TableFault(kind: .missing(text: text), line: line, column: column)
          }
          chunk.targets[target].append(text, line: line)
        }
      } else if let number = number(bytes, &index) {
        chunk.features.append(number)
      } else {
        let text = try text(bytes, &index, line, column, &chunk.lines)
        chunk.features.append(try number(text, line, column))
      }
      guard syntax.advance(bytes, &index) == (column + 1 < schema.columns) else {
        throw raggedness(bytes, from: start, line)
      }
    }
    CellSyntax.skipLineEnd(bytes, &index)
    chunk.rows += 1
    chunk.lines += 1
  }

  /// Reads a cell that is a number without quotes; nil for any other cell, with `index` unchanged.
  @inline(__always)
  private func number(_ bytes: Span<UInt8>, _ index: inout Int) -> Float? {
    var end = index
    syntax.skipBlanks(bytes, &end)
    guard let number = DecimalText.float(bytes, at: &end), number.isFinite else { return nil }
    if syntax.separator != .blanks { syntax.skipBlanks(bytes, &end) }
    guard end == bytes.count || syntax.isSeparator(bytes[end]) || CellSyntax.isLineEnd(bytes[end])
    else { return nil }
    index = end
    return number
  }

  /// Reads any cell as text.
  private func text(
    _ bytes: Span<UInt8>, _ index: inout Int, _ line: Int, _ column: Int, _ lines: inout Int
  ) throws(TableFault) -> String {
    let cell = syntax.cell(bytes, at: index)
    switch cell.fault {
    case .openQuote: throw TableFault(kind: .openQuote, line: line, column: column)
    case .strayQuote: throw TableFault(kind: .strayQuote, line: line, column: column)
    case nil: break
    }
    guard let text = syntax.text(bytes, cell) else {
      throw TableFault(kind: .notUTF8, line: line, column: column)
    }
    lines += cell.lines(in: bytes)
    index = cell.end
    return text
  }

  /// The number in a cell that is quoted; otherwise the fault of the cell.
  private func number(_ text: String, _ line: Int, _ column: Int) throws(TableFault) -> Float {
    let bytes = Array(text.utf8)
    var index = 0
    if let number = DecimalText.float(bytes.span, at: &index), index == bytes.count {
      if number.isFinite { return number }
      throw TableFault(kind: .tooLarge(text: text), line: line, column: column)
    }
    throw TableFault(kind: .notNumber(text), line: line, column: column)
  }

  /// The fault of a record that has more or fewer cells than there are columns.
  private func raggedness(_ bytes: Span<UInt8>, from start: Int, _ line: Int) -> TableFault {
    var index = start
    var cells = 0
    repeat {
      index = syntax.cell(bytes, at: index).end
      cells += 1
    } while syntax.advance(bytes, &index)
    return TableFault(
      kind: .ragged(found: cells, expected: schema.columns), line: line, column: 0)
  }
}
