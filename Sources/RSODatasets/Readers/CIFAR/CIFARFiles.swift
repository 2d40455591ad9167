/// Collects the files of a data set in CIFAR-10's binary form.
struct CIFARFiles {
  /// All names that a file of the data set can have.
  static let names = [metaName, testName] + (1...99).map(trainingName)

  private static let publishedBatches = 5
  private static let testName = "test_batch.bin"
  private static let metaName = "batches.meta.txt"

  static func trainingName(_ number: Int) -> String { "data_batch_\(number).bin" }

  /// The directory or archive that the files come from.
  let path: String
  private var files: Set<String> = []
  private var training: [String: CIFARBatch] = [:]
  private var test: CIFARBatch?
  private var classes = 10

  init(path: String) {
    self.path = path
  }

  /// Adds a file whose name is one of `names`.
  ///
  /// - Parameter path: For messages.
  ///
  /// *Throws:* `CIFARError`, also for a name that was added before.
  mutating func add(_ bytes: [UInt8], name: String, path: String) throws(CIFARError) {
    guard files.insert(name).inserted else {
      throw .archive(.malformed(path: self.path, .duplicate(name: name)))
    }
    switch name {
    case Self.metaName: classes = try Self.classes(in: bytes, path: path)
    case Self.testName: test = try CIFARBatch(bytes, path: path)
    default: training[name] = try CIFARBatch(bytes, path: path)
    }
  }

  /// True for five batches of 10,000 images and 10,000 test images, of ten classes.
  var havePublishedForm: Bool {
    classes == 10 && training.count == 5 && test?.labels.count == 10_000
      && training.values.allSatisfy { $0.labels.count == 10_000 }
  }

  /// Returns the data set.
  ///
  /// *Throws:* `CIFARError` where a batch is missing or a label has no class.
  func dataset(named name: String) throws(CIFARError) -> Dataset {
    var batches: [CIFARBatch] = []
    for number in 1...max(1, training.count) {
      let name = Self.trainingName(number)
      guard let batch = training[name] else { throw .batchMissing(path: path, name: name) }
      batches.append(batch)
    }
    guard let test else { throw .batchMissing(path: path, name: Self.testName) }
    var dataset = Dataset(
      name: name, training: try CIFARBatch.set(of: batches, classes: classes),
      test: try CIFARBatch.set(of: [test], classes: classes))
    let missing = (1...Self.publishedBatches).map(Self.trainingName)
      .filter { training[$0] == nil }
    if !missing.isEmpty {
      dataset.remarks.append(
        "\(missing.map { "'\($0)'" }.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") not "
          + "there; CIFAR-10 has \(Self.publishedBatches) training batches")
    }
    return dataset
  }

  /// The number of lines that are not blank.
  private static func classes(in bytes: [UInt8], path: String) throws(CIFARError) -> Int {
    let names = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .filter { line in line.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } }
    guard (2...256).contains(names.count) else {
      throw .wrongClassCount(path: path, count: names.count)
    }
    return names.count
  }
}
