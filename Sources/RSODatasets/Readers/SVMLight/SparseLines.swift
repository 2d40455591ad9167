/// The samples in lines of svmlight's text form, as their elements that are not 0.
struct SparseLines: Sendable {
  /// The largest number of a feature.
  static let maximumNumber = 1 << 20

  /// The label of each sample as the file has it: a number, several with commas between them, or none.
  private(set) var labels: [String] = []
  /// The number of elements of each sample.
  private(set) var counts: [Int32] = []
  /// The features' numbers and values, one sample after the other.
  private(set) var numbers: [Int32] = []
  private(set) var values: [Float] = []
  /// The number of lines that were read.
  private(set) var lines = 0

  /// Tells if a file begins with samples of this form.
  ///
  /// - Parameters:
  ///   - bytes: The first bytes of the file.
  ///   - isWhole: True for all bytes of the file; otherwise the last line or feature may be cut.
  static func begin(_ bytes: [UInt8], isWhole: Bool) -> Bool {
    let end =
      isWhole
      ? bytes.count
      : bytes.lastIndex(of: UInt8(ascii: "\n")) ?? bytes.lastIndex(where: isBlank) ?? bytes.count
    var lines = SparseLines()
    // A fault behind the first samples is reported when the file is read.
    do throws(SparseFault) { try lines.append(Array(bytes[..<end])) } catch {}
    return lines.numbers.isEmpty
      ? beginsAsSample(bytes[..<end]) : lines.labels.contains { !$0.isEmpty }
  }

  /// Tells if the first line with words begins with a label and `NUMBER:VALUE`, of which the number or the
  /// value may be one that is not read.
  private static func beginsAsSample(_ bytes: ArraySlice<UInt8>) -> Bool {
    let line = bytes.split(separator: UInt8(ascii: "\n")).lazy
      .map { $0.split { isBlank($0) } }.first { !$0.isEmpty && $0[0].first != UInt8(ascii: "#") }
    guard let line, line.count > 1 else { return false }
    let label = String(decoding: line[0], as: UTF8.self)
    let parts = line[1].split(
      separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2,
      label.split(separator: ",").allSatisfy({ SparseLabels.number($0) != nil })
    else { return false }
    let digits = parts[0].first == UInt8(ascii: "-") ? parts[0].dropFirst() : parts[0]
    return !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
      && isValue(Array(parts[1]).span)
  }

  /// True for a number, also one that is not finite, and for `nan` and `inf`.
  private static func isValue(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    if DecimalText.float(bytes, at: &index) != nil { return index == bytes.count }
    return isNotFinite(text(bytes, 0..<bytes.count))
  }

  private static func isNotFinite(_ text: String) -> Bool {
    ["nan", "+nan", "-nan", "inf", "+inf", "-inf"].contains(text.lowercased())
  }

  /// Reads whole lines.
  ///
  /// *Throws:* `SparseFault`; the samples before the faulty line are kept.
  mutating func append(_ bytes: [UInt8]) throws(SparseFault) {
    let bytes = bytes.span
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      lines += 1
      let first = values.count
      do throws(SparseFault) { try appendLine(bytes, start..<end) } catch {
        numbers.removeSubrange(first...)
        values.removeSubrange(first...)
        throw error
      }
      start = end + 1
    }
  }

  private mutating func appendLine(
    _ bytes: Span<UInt8>, _ line: Range<Int>
  ) throws(SparseFault) {
    var index = line.lowerBound
    guard var word = Self.word(bytes, &index, line.upperBound) else { return }
    let first = values.count
    var label = ""
    if !word.contains(where: { bytes[$0] == UInt8(ascii: ":") }) {
      label = try self.label(bytes, word)
      word = index..<index
    }
    var last: Int32 = -1
    var next: Range<Int>? = word.isEmpty ? Self.word(bytes, &index, line.upperBound) : word
    while let feature = next {
      try appendFeature(bytes, feature, &last)
      next = Self.word(bytes, &index, line.upperBound)
    }
    labels.append(label)
    counts.append(Int32(values.count - first))
  }

  /// The next word of a line, up to `end` or to a comment; nil if there is none.
  private static func word(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> Range<Int>? {
    while index < end, isBlank(bytes[index]) { index += 1 }
    let start = index
    while index < end, !isBlank(bytes[index]) {
      if bytes[index] == UInt8(ascii: "#") {
        let word = start..<index
        index = end
        return word.isEmpty ? nil : word
      }
      index += 1
    }
    return start == index ? nil : start..<index
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// A label, which is one or more finite numbers with commas between them.
  private func label(_ bytes: Span<UInt8>, _ word: Range<Int>) throws(SparseFault) -> String {
    let text = Self.text(bytes, word)
    for part in text.split(separator: ",", omittingEmptySubsequences: false)
    where SparseLabels.number(part) == nil {
      throw SparseFault(kind: .label(text), line: lines)
    }
    return text
  }

  /// Reads `17:-2`. `qid:3`, which groups samples for ranking, is left out.
  private mutating func appendFeature(
    _ bytes: Span<UInt8>, _ word: Range<Int>, _ last: inout Int32
  ) throws(SparseFault) {
    var index = word.lowerBound
    var number = 0
    while index < word.upperBound, bytes[index] &- UInt8(ascii: "0") < 10 {
      number = min(number * 10 + Int(bytes[index] &- UInt8(ascii: "0")), Self.maximumNumber + 1)
      index += 1
    }
    func fault(_ kind: (String) -> SparseFault.Kind) -> SparseFault {
      SparseFault(kind: kind(Self.text(bytes, word)), line: lines)
    }
    guard index > word.lowerBound, index < word.upperBound, bytes[index] == UInt8(ascii: ":") else {
      if Self.text(bytes, word).hasPrefix("qid:") { return }
      throw fault(SparseFault.Kind.feature)
    }
    guard number <= Self.maximumNumber else { throw fault(SparseFault.Kind.tooLargeNumber) }
    guard number > last else { throw fault(SparseFault.Kind.order) }
    index += 1
    if Self.isNotFinite(Self.text(bytes, index..<word.upperBound)) {
      throw fault(SparseFault.Kind.notFinite)
    }
    guard let value = DecimalText.float(bytes, at: &index), index == word.upperBound else {
      throw fault(SparseFault.Kind.feature)
    }
    guard value.isFinite else { throw fault(SparseFault.Kind.notFinite) }
    last = Int32(number)
    numbers.append(last)
    values.append(value)
  }

  private static func text(_ bytes: Span<UInt8>, _ word: Range<Int>) -> String {
    String(decoding: word.map { bytes[$0] }, as: UTF8.self)
  }
}
