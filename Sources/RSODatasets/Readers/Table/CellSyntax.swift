/// The syntax of a table's cells: RFC 4180, with other separators and line ends too.
struct CellSyntax: Sendable, Equatable {
  enum Separator: Sendable, CaseIterable {
    case tab, semicolon, comma
    /// One or more spaces and tabs.
    case blanks
  }

  /// A cell in the bytes of a table.
  struct Cell {
    /// The text, without blanks around it and without the quotes around it.
    var text: Range<Int>
    var isQuoted = false
    /// Each quote in it is written as two.
    var hasDoubledQuotes = false
    /// The index behind the cell: of a separator, of a line end, or the end of the bytes.
    var end: Int
    var fault: Fault?

    /// The number of line ends inside the cell.
    func lines(in bytes: Span<UInt8>) -> Int {
      guard isQuoted else { return 0 }
      var lines = 0
      for index in text {
        let isFirst = index == text.lowerBound || bytes[index - 1] != UInt8(ascii: "\r")
        if bytes[index] == UInt8(ascii: "\r") || (bytes[index] == UInt8(ascii: "\n") && isFirst) {
          lines += 1
        }
      }
      return lines
    }
  }

  /// A cell that is not quoted as it must be.
  enum Fault {
    /// A quote inside a cell that does not begin with one, or text behind a closing quote.
    case strayQuote
    /// The closing quote is missing.
    case openQuote
  }

  let separator: Separator

  /// The separator's byte. Between blanks any of two: see `isSeparator`.
  var byte: UInt8 {
    switch separator {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .blanks: UInt8(ascii: " ")
    }
  }

  /// Tells if a byte separates two cells.
  @inline(__always)
  func isSeparator(_ byte: UInt8) -> Bool {
    byte == self.byte || (separator == .blanks && byte == UInt8(ascii: "\t"))
  }

  /// Tells if a byte is a blank that is not part of a cell.
  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && separator != .tab)
  }

  @inline(__always)
  static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Moves `index` over blanks.
  @inline(__always)
  func skipBlanks(_ bytes: Span<UInt8>, _ index: inout Int) {
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
  }

  /// Moves `index` over a line end: LF, CR LF or CR.
  @inline(__always)
  static func skipLineEnd(_ bytes: Span<UInt8>, _ index: inout Int) {
    if index < bytes.count, bytes[index] == UInt8(ascii: "\r") { index += 1 }
    if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
  }

  /// Moves `index` over line ends and lines of blanks. Returns the number of lines.
  func skipEmptyLines(_ bytes: Span<UInt8>, _ index: inout Int) -> Int {
    var lines = 0
    while true {
      var next = index
      while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
      guard next < bytes.count else {
        index = next
        return lines
      }
      guard Self.isLineEnd(bytes[next]) else { return lines }
      Self.skipLineEnd(bytes, &next)
      index = next
      lines += 1
    }
  }

  /// Returns the cell that begins at `start`, which may be at blanks before it.
  func cell(_ bytes: Span<UInt8>, at start: Int) -> Cell {
    var first = start
    skipBlanks(bytes, &first)
    if first < bytes.count, bytes[first] == UInt8(ascii: "\"") {
      return quotedCell(bytes, behind: first + 1)
    }
    var end = first
    var last = first
    var fault: Fault?
    while end < bytes.count, !isSeparator(bytes[end]), !Self.isLineEnd(bytes[end]) {
      if bytes[end] == UInt8(ascii: "\"") { fault = .strayQuote }
      if !isBlank(bytes[end]) { last = end + 1 }
      end += 1
    }
    return Cell(text: first..<last, end: end, fault: fault)
  }

  private func quotedCell(_ bytes: Span<UInt8>, behind first: Int) -> Cell {
    var cell = Cell(text: first..<first, isQuoted: true, end: bytes.count, fault: .openQuote)
    var index = first
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\"") else {
        index += 1
        continue
      }
      guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
      cell.hasDoubledQuotes = true
      index += 2
    }
    guard index < bytes.count else { return cell }
    cell.text = first..<index
    index += 1
    skipBlanks(bytes, &index)
    // Between blanks, the next cell may already begin here.
    let ends =
      index == bytes.count || isSeparator(bytes[index]) || Self.isLineEnd(bytes[index])
      || (separator == .blanks && isBlank(bytes[index - 1]))
    cell.end = index
    cell.fault = ends ? nil : .strayQuote
    return cell
  }

  /// Moves `index` from the end of a cell to the start of the next cell of the record. False at the
  /// end of the record.
  @inline(__always)
  func advance(_ bytes: Span<UInt8>, _ index: inout Int) -> Bool {
    if separator == .blanks {
      skipBlanks(bytes, &index)
      return index < bytes.count && !Self.isLineEnd(bytes[index])
    }
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// The text of a cell; nil if it is not UTF-8.
  func text(_ bytes: Span<UInt8>, _ cell: Cell) -> String? {
    var text: [UInt8] = []
    text.reserveCapacity(cell.text.count)
    var index = cell.text.lowerBound
    while index < cell.text.upperBound {
      text.append(bytes[index])
      index += cell.hasDoubledQuotes && bytes[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(validating: text, as: UTF8.self)
  }
}
