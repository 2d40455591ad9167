import RSONumerics
import RSOSystem

/// Reads tables: CSV and TSV files, plain or gzip, with or without a header. All columns but the label are
/// features, and hold numbers.
///
/// `--label` names the label column; its default is the one named label, class, target or y, otherwise the
/// last one. `--labels` names a second table, whose columns are the labels.
package struct TableReader: DatasetReader {
  package init() {}

  package var kind: String { "tables in CSV or TSV files" }

  package var published: [PublishedDataset] { [] }

  package func recognition(of path: String) -> Recognition {
    guard let files = TableFiles(path) else { return .unknown(reason: "no 'train.csv' in it") }
    let isNamed = TableFiles.isNamedAsTable(files.training)
    do throws(FileReadError) {
      var input = try InflatedInput(files.training)
      let start = try input.bytes(4096)
      if isNamed { return .recognized }
      if let damage = TextDamage(start) { return .unknown(reason: damage.message) }
      return Self.isTable(start)
        ? .recognized : .unknown(reason: "its first lines are not cells of numbers")
    } catch {
      // Reading the table tells what is damaged.
      if isNamed, error.cause == .content { return .recognized }
      return .unknown(reason: "\(error)")
    }
  }

  /// Tells if the first bytes of a file without a table's name are a table's: lines of two or more cells,
  /// one of which is a number.
  private static func isTable(_ bytes: [UInt8]) -> Bool {
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let first = bytes.prefix(end).first { $0 != UInt8(ascii: " ") } ?? 0
    guard !"<{[#%".utf8.contains(first), String(validating: bytes.prefix(end), as: UTF8.self) != nil
    else { return false }
    return TableSample(Array(bytes.prefix(end))).hasNumbers
  }

  package func load(_ path: String, _ request: DataRequest) throws(TableError) -> Dataset {
    guard let files = TableFiles(path) else { throw .noRows(path: path) }
    if request.inputs != nil { throw .notForTables(path: path, option: "--inputs") }
    let training = try Table(files.training, labels: Self.labels(request))
    let labels = try Self.labels(of: training, request)
    let task = request.task ?? (request.classNames == nil ? nil : .classification)
    let targets = try (labels ?? training).rawTargets(for: task)
    var raw = RawDataset(training: Self.part(training, labels, targets))
    if let validation = files.validation {
      raw.validation = try training.sibling(validation, request, like: targets)
    }
    if let test = request.testData ?? files.test {
      raw.test = try training.sibling(
        TableFiles(test)?.training ?? test, request, like: targets)
    }
    // The label columns are chosen already.
    var rest = request
    (rest.label, rest.labels) = (nil, nil)
    do throws(AssemblyError) {
      var dataset = try DatasetAssembly.dataset(
        raw, named: Path.name(of: Path.absolute(path)), rest)
      training.finish(&dataset, request)
      labels?.describe(in: &dataset)
      if let doubt = (labels ?? training).doubt(for: request.task) { dataset.doubts.append(doubt) }
      return dataset
    } catch {
      throw .assembly(path: path, error)
    }
  }

  /// The label columns that a request asks for.
  private static func labels(_ request: DataRequest) -> Table.Labels {
    switch (request.columns, request.labels) {
    case (nil, nil): .columns(request.label)
    case (nil, _?): .none
    case (let columns?, nil): .like(columns, label: request.label)
    case (let columns?, _?): .samples(columns, label: nil)
    }
  }

  /// Returns samples without targets: the columns that were features of the training data. The label columns
  /// may be missing.
  ///
  /// *Throws:* `TableError`.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(TableError) -> (shape: ImageShape, samples: SampleStorage) {
    guard let files = TableFiles(path) else { throw .noRows(path: path) }
    var labels = Table.Labels.none
    if let columns = request.columns ?? request.features.map({ TableColumns(count: $0) }) {
      labels = .samples(columns, label: request.columns == nil ? request.label : nil)
    }
    let table = try Table(files.test ?? files.training, labels: labels)
    return (
      ImageShape(channels: table.schema.features, height: 1, width: 1), .floats(table.features)
    )
  }

  /// The path of a file that is named relative to another one, or to the working directory.
  private static func place(of name: String, near path: String) -> String {
    let near = Path.joined(Path.parent(of: path), name)
    return FileSystem.exists(near) ? near : name
  }

  /// Reads the table of labels that a request names; nil if the labels are columns of the samples' table.
  ///
  /// The name of a column of texts looks like one more class. It is taken as the name if there is one row more than there
  /// are samples, and no other row has its text.
  private static func labels(
    of training: Table, _ request: DataRequest
  ) throws(TableError) -> Table? {
    guard let file = request.labels else { return nil }
    let path = place(of: file, near: training.path)
    var labels = try Table(path, labels: .all)
    if labels.rows == training.rows + 1, labels.schema.names == nil,
      labels.targets.allSatisfy(\.beginsWithUniqueName)
    {
      labels = try Table(path, labels: .all, hasNames: true)
    }
    if let label = request.label { try labels.choose(label) }
    guard labels.rows == training.rows else {
      throw .labelRows(
        path: path, rows: labels.rows, training: training.path, samples: training.rows)
    }
    return labels
  }

  /// - Parameter labels: The table of labels, where they are apart.
  fileprivate static func part(
    _ table: Table, _ labels: Table?, _ targets: RawTargets
  ) -> RawPart {
    let samples = RawSamples(
      storage: .floats(table.features), shape: [table.rows, table.schema.features],
      name: "features")
    guard let labels else {
      return RawPart(
        samples: samples, targets: targets,
        columnNames: table.targets.count > 1 || table.schema.names != nil ? table.labels : [])
    }
    let names = labels.schema.names.map { names in labels.schema.targets.map { names[$0] } }
    return RawPart(samples: samples, targets: targets, columnNames: names ?? [])
  }
}

extension Table {
  /// Reads another table with the same columns: validation or test data.
  ///
  /// - Parameter training: The labels of this table.
  fileprivate func sibling(
    _ other: String, _ request: DataRequest, like training: RawTargets
  ) throws(TableError) -> RawPart {
    guard !targets.isEmpty else { throw .separateLabels(path: path) }
    let table = try Table(other, labels: .like(TableColumns(of: schema), label: nil))
    return TableReader.part(table, nil, try table.rawTargets(for: request.task, like: training))
  }

  /// Says that the first line of a table of labels was taken as names.
  fileprivate func describe(in dataset: inout Dataset) {
    guard hasToldNames, let names = schema.names else { return }
    let list = names.map { quoted($0) }.joined(separator: ", ")
    dataset.remarks.append(
      "the first line of \(quoted(Path.name(of: path))) names its columns: \(list)")
  }

  /// Adds what the table tells beside samples and labels.
  fileprivate func finish(_ dataset: inout Dataset, _ request: DataRequest) {
    dataset.channelNames = featureNames ?? []
    dataset.request.columns = TableColumns(of: schema).kept
    if let names = schema.announcement?.classNames, dataset.task == .classification,
      dataset.training.outputs == names.count, dataset.outputNames.isEmpty
    {
      dataset.outputNames = names
    }
    guard request.label == nil, request.labels == nil else { return }
    let label = labels[0]
    dataset.remarks.append(
      "the label is column \(schema.targets[0] + 1)"
        + (schema.names == nil ? "" : " (\(quoted(label)))") + "; choose another with --label")
  }
}
