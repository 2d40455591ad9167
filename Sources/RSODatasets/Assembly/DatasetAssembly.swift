import RSONumerics

/// Makes data sets of what readers find: one set of rules for shapes and labels.
/// `DatasetSource` draws validation and test samples, whatever the reader.
package enum DatasetAssembly {
  /// Returns the data set of raw parts, in the form that `request` asks for.
  ///
  /// *Throws:* `AssemblyError`.
  package static func dataset(
    _ raw: consuming RawDataset, named name: String, _ request: DataRequest
  ) throws(AssemblyError) -> Dataset {
    var parts: [(name: String, part: RawPart)] = [("training", raw.training)]
    if let validation = raw.validation { parts.append(("validation", validation)) }
    if let test = raw.test { parts.append(("test", test)) }
    let hasValidation = raw.validation != nil
    let hasTest = raw.test != nil
    raw = RawDataset(training: RawPart(samples: .none, targets: .texts([])))
    for index in parts.indices {
      let part = parts[index].part
      try check(part.samples)
      guard part.targets.count == part.samples.shape[0] else {
        throw .countMismatch(
          name: part.samples.name, samples: part.samples.shape[0], targets: part.targets.count)
      }
      try choose(request.label, in: &parts[index].part)
    }
    let mapping = try TargetMapping(
      parts.map { ($0.name, $0.part.targets) }, columnNames: parts[0].part.columnNames,
      task: request.task, classNames: request.classNames)
    let layout = try SampleLayout(parts[0].part.samples, request)
    let isReal = parts.contains { $0.part.samples.storage.kind == .floats }
    let names = parts.map(\.name)
    var sets: [SampleSet] = []
    for index in parts.indices {
      sets.append(try set(&parts[index].part, names[index], layout, mapping, isReal: isReal))
    }
    var dataset = Dataset(
      name: name, training: sets[0], validation: hasValidation ? sets[1] : nil,
      test: hasTest ? sets.last : nil, outputNames: mapping.outputNames)
    dataset.remarks += remarks(request, layout)
    return dataset
  }

  /// Names the options that say nothing about samples without height and width.
  private static func remarks(_ request: DataRequest, _ layout: SampleLayout) -> [String] {
    guard layout.extents.count < 2 else { return [] }
    return
      ((request.transpose == true ? ["transpose"] : [])
      + (request.layout == nil ? [] : ["layout"]))
      .map { "--\($0) changes nothing: a sample has neither height nor width" }
  }

  /// Returns samples without targets. They are taken out of `raw`, and rearranged where they are.
  ///
  /// *Throws:* `AssemblyError`.
  package static func samples(
    _ raw: inout RawSamples, _ request: DataRequest
  ) throws(AssemblyError) -> (shape: ImageShape, samples: SampleStorage) {
    try check(raw)
    let layout = try SampleLayout(raw, request)
    var storage = raw.storage
    raw.storage = .bytes([])
    layout.arrange(&storage)
    return (layout.shape, storage)
  }

  private static func check(_ samples: RawSamples) throws(AssemblyError) {
    guard let count = samples.shape.first, count > 0 else { throw .noSamples(name: samples.name) }
    guard samples.shape.allSatisfy({ $0 > 0 }) else {
      throw .noElements(name: samples.name, shape: samples.shape)
    }
    guard count <= Int(Int32.max), samples.storage.count / count <= Int(Int32.max) else {
      throw .tooLarge(name: samples.name, shape: samples.shape)
    }
  }

  /// Keeps the column of the targets that was asked for.
  private static func choose(_ label: String?, in part: inout RawPart) throws(AssemblyError) {
    let columns = part.targets.columns
    guard let label, columns > 1 else { return }
    let index: Int
    if let name = part.columnNames.firstIndex(of: label) {
      index = name
    } else if let number = Int(label), (1...columns).contains(number) {
      index = number - 1
    } else if let number = Int(label), (-columns...(-1)).contains(number) {
      index = columns + number
    } else {
      throw .unknownColumn(label: label, columns: columns)
    }
    part.targets = part.targets.column(index)
    part.columnNames = part.columnNames.isEmpty ? [] : [part.columnNames[index]]
  }

  /// Takes the samples out of a part, so that they are rearranged where they are.
  private static func set(
    _ part: inout RawPart, _ name: String, _ layout: SampleLayout, _ mapping: TargetMapping,
    isReal: Bool
  ) throws(AssemblyError) -> SampleSet {
    let extents = Array(part.samples.shape.dropFirst())
    guard extents == layout.extents else {
      throw .shapeMismatch(part: name, shape: text(extents), trainingShape: text(layout.extents))
    }
    let targets = try mapping.targets(part.targets, part: name)
    var storage = part.samples.storage
    part.samples = .none
    if isReal, case .bytes(let bytes) = storage { storage = .floats(bytes.map { Float($0) }) }
    layout.arrange(&storage)
    return SampleSet(
      shape: layout.shape, outputs: mapping.outputs, samples: storage, targets: targets)
  }

  private static func text(_ extents: [Int]) -> String {
    extents.isEmpty ? "single numbers" : extents.map(String.init).joined(separator: " x ")
  }
}

extension RawSamples {
  fileprivate static let none = RawSamples(storage: .bytes([]), shape: [], name: "")
}
