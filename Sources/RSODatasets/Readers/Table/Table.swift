import RSOSystem

/// A table of numbers with one or more label columns, read from a CSV or TSV file, plain or gzip.
///
/// *Memory:* the numbers, once; beside them some MiB of text. *Reproducibility:* the numbers do not
/// depend on the number of threads.
package struct Table: Sendable {
  private static let maximumNumbers = 1 << 31

  private(set) var schema: TableSchema
  package private(set) var rows = 0
  /// *Shape:* rows x features, row-major.
  package private(set) var features: [Float] = []
  /// One part per label column.
  private(set) var targets: [TargetPart]
  let path: String
  /// True if the first record was taken as names although it may not look so.
  let hasToldNames: Bool
  private var lines: Int

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - labels: The columns that are labels; all others are features.
  ///   - hasNames: True if the first record names the columns, although it may not look so.
  ///   - threads: The threads that read numbers.
  ///   - partSize: Bytes of text that a thread takes at a time. A row has 16 times as many at most.
  package init(
    _ path: String, labels: Labels = .columns(nil), hasNames: Bool = false,
    threads: Int = ParallelWork.processors, partSize: Int = 1 << 20
  ) throws(TableError) {
    var reader: TableChunkReader
    do throws(FileReadError) {
      reader = try TableChunkReader(path, size: partSize, limit: 16 * partSize)
    } catch {
      throw .file(error)
    }
    guard let first = try reader.next() else { throw .empty(path: path) }
    let sample = TableSample(first, areAllLabels: labels == .all)
    guard var schema = sample.schema(hasNames: hasNames) else { throw .noRows(path: path) }
    try schema.choose(labels, path: path)
    self.schema = schema
    self.path = path
    hasToldNames = hasNames
    targets = Array(repeating: TargetPart(), count: schema.targets.count)
    lines = schema.startLines
    try read(&reader, from: first, threads: threads)
    guard rows > 0 else { throw .noRows(path: path) }
    try checkAnnouncement()
    if let places = schema.places { SampleLayout.arrange(&features, places) }
  }

  /// The name of each feature; nil without a header.
  package var featureNames: [String]? { schema.featureNames }

  /// The label columns, as `--label` names them.
  package var labels: [String] { schema.targets.map(schema.label) }

  /// Keeps the columns that `--label` names, in a table of labels.
  mutating func choose(_ label: String) throws(TableError) {
    let chosen = try schema.labelColumns(label, path)
    (schema.targets, targets) = (chosen, chosen.map { targets[$0] })
  }

  // MARK: Reading

  /// Reads all parts. While threads parse some parts, the calling thread reads the next ones.
  private mutating func read(
    _ reader: inout TableChunkReader, from first: [UInt8], threads: Int
  ) throws(TableError) {
    let parser = TableChunkParser(schema)
    let start = schema.start
    try append(parser.parse(first, from: start))
    reserve(size: reader.exactSize, first: first.count - start)
    var next = try Self.parts(&reader, threads * 2)
    while !next.isEmpty {
      let parts = next
      var failure: TableError?
      let chunks = ParallelWork.results(
        parts.count, threads: threads, of: { parser.parse(parts[$0]) },
        meanwhile: {
          do throws(TableError) {
            next = try Self.parts(&reader, threads * 2)
          } catch {
            failure = error
          }
        })
      for chunk in chunks { try append(chunk) }
      if let failure { throw failure }
    }
  }

  private static func parts(
    _ reader: inout TableChunkReader, _ count: Int
  ) throws(TableError) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    while parts.count < count, let part = try reader.next() { parts.append(part) }
    return parts
  }

  /// Allocates memory for the whole table, judged by its first part.
  private mutating func reserve(size: Int?, first: Int) {
    guard let size, first > 0 else { return }
    let numbers = Double(features.count) * Double(size) / Double(first) * 1.02
    features.reserveCapacity(min(Int(numbers), Self.maximumNumbers))
  }

  private mutating func append(_ chunk: TableChunk) throws(TableError) {
    if let fault = chunk.fault { throw error(fault) }
    guard features.count + chunk.features.count <= Self.maximumNumbers else {
      throw .tooLarge(path: path, limit: Self.maximumNumbers)
    }
    features += chunk.features
    for (index, part) in chunk.targets.enumerated() {
      targets[index].append(part, after: lines)
    }
    rows += chunk.rows
    lines += chunk.lines
  }

  // MARK: Checks

  private func error(_ fault: TableFault) -> TableError {
    let line = lines + fault.line + 1
    if case .ragged = fault.kind {
      return .cell(path: path, place: "line \(line)", message: fault.kind.message(label: ""))
    }
    return .cell(
      path: path, place: place(line: line, column: fault.column),
      message: fault.kind.message(label: schema.label(of: fault.column)))
  }

  /// The words for a cell in messages: `line 4, column 2 ('width')`.
  ///
  /// - Parameters:
  ///   - line: Counted from 1.
  ///   - column: Counted from 0.
  func place(line: Int, column: Int) -> String {
    let name = schema.names.map { " (\(quoted($0[column])))" } ?? ""
    return "line \(line), column \(column + 1)\(name)"
  }

  private func checkAnnouncement() throws(TableError) {
    guard let announcement = schema.announcement else { return }
    guard announcement.rows == rows else {
      throw .wrongAnnouncement(path: path, announced: announcement.rows, found: rows)
    }
  }
}
