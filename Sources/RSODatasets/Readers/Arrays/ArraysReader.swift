import RSONumerics
import RSOSystem

/// Reads data sets of named arrays: npz, npy, HDF5 and IDX files, and directories of them.
///
/// Names, shapes and types tell what is what, by the rules of `docs/your-own-data.md`; where they do not,
/// the request does.
package struct ArraysReader: DatasetReader {
  /// The most bytes that the elements of an array may take.
  private let limit: Int

  package init(limit: Int = SystemMemory.size) { self.limit = limit }

  package var kind: String { "arrays in \(ArrayFormats.list) files, or a directory of them" }

  package var published: [PublishedDataset] { [] }

  package func recognition(of path: String) -> Recognition {
    if FileSystem.isDirectory(path) {
      let hasArrays = (try? ArrayDirectory.names(in: path))?.prefix(256).contains { name in
        let file = Path.joined(path, name)
        return FileSystem.isFile(file) && (try? ArrayFormats.format(of: file)) != nil
      }
      return hasArrays == true ? .recognized : .unknown(reason: "no such file in it")
    }
    if Self.isPickle(path) { return .recognized }
    do throws(FileReadError) {
      if try ArrayFormats.format(of: path) != nil { return .recognized }
      var input = try InflatedInput(path)
      let start = try input.bytes(ForeignContent.startSize)
      return .unknown(reason: ForeignContent.text(start) ?? "not such a file")
    } catch {
      return .unknown(reason: error.reason)
    }
  }

  package func load(_ path: String, _ request: DataRequest) throws(ArraysError) -> Dataset {
    do {
      let file = try Self.open(path)
      var listing = ArrayListing(file)
      let raw = try read(file, request, &listing)
      let names = ArrayNames(of: file, limit: limit)
      var hasTexts = false
      if case .texts = raw.training.targets { hasTexts = true }
      do throws(AssemblyError) {
        var dataset = try DatasetAssembly.dataset(
          raw, named: Path.name(of: Path.absolute(path)), request)
        for (index, use) in names.apply(to: &dataset, hasTexts: hasTexts) {
          listing.arrays[index].use = use
        }
        dataset.arrays = listing.arrays
        return dataset
      } catch {
        throw ArraysError.assembly(path: path, error)
      }
    } catch let error as ArraysError {
      throw error
    } catch {
      throw .unreadable(path: path, problem: "\(error)")
    }
  }

  /// Returns the descriptions of the arrays that a file or directory holds.
  ///
  /// *Throws:* `ArraysError`.
  package func arrays(at path: String) throws(ArraysError) -> [FoundArray] {
    try Self.open(path, isAlone: true).arrays
  }

  /// Returns samples without targets: those of the array that the request names, or else of the only
  /// array that is named like samples, or of the only one.
  ///
  /// *Throws:* `ArraysError`.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(ArraysError) -> (shape: ImageShape, samples: SampleStorage) {
    do {
      let file = try Self.open(path, isAlone: true)
      let index = try ArrayRoles.samples(in: file, request)
      var raw = try ArrayCollector.samples(index, of: file, limit: limit)
      do throws(AssemblyError) {
        return try DatasetAssembly.samples(&raw, request)
      } catch {
        throw ArraysError.assembly(path: path, error)
      }
    } catch let error as ArraysError {
      throw error
    } catch {
      throw .unreadable(path: path, problem: "\(error)")
    }
  }

  private func read(
    _ file: any ArrayFile, _ request: DataRequest, _ listing: inout ArrayListing
  ) throws -> RawDataset {
    let roles = try ArrayRoles(of: file, request)
    listing.add(roles.training, .inputs, .labels)
    var raw = RawDataset(training: try part(roles.training, of: file, request))
    if let pair = roles.validation {
      listing.add(pair, .validationInputs, .validationLabels)
      raw.validation = try part(pair, of: file, request)
    }
    if let testPath = request.testData {
      let testFile = try Self.open(testPath)
      let pair = try ArrayRoles.testPair(in: testFile, request)
      var others = ArrayListing(testFile, name: Path.name(of: testPath))
      others.add(pair, .testInputs, .testLabels)
      listing.arrays += others.arrays
      raw.test = try part(pair, of: testFile, request)
    } else if let pair = roles.test {
      listing.add(pair, .testInputs, .testLabels)
      raw.test = try part(pair, of: file, request)
    }
    return raw
  }

  private func part(
    _ pair: ArrayRoles.Pair, of file: any ArrayFile, _ request: DataRequest
  ) throws -> RawPart {
    // The targets first: they are small, and tell of an error before the samples are read.
    var targets = try ArrayCollector.targets(pair.targets, of: file, limit: limit)
    if let column = file.arrays[pair.targets].classColumn, request.label == nil, request.task == nil
    {
      targets = targets.column(column)
    } else if targets.columns == 1 {
      try check(request, of: file, labels: file.arrays[pair.targets].name)
    }
    let samples = try ArrayCollector.samples(pair.samples, of: file, limit: limit)
    return RawPart(samples: samples, targets: targets)
  }

  /// Refuses `--label` for labels of one column, unless it names that column. A label that a run recorded is ignored:
  /// other data need not have it.
  private func check(
    _ request: DataRequest, of file: any ArrayFile, labels: String
  ) throws(ArraysError) {
    guard let label = request.label, request.isRecorded != true,
      !["1", "-1", labels].contains(label)
    else { return }
    throw .noColumns(
      path: file.path, label: label, array: labels,
      isArray: file.arrays.contains { $0.name == label })
  }

  /// The arrays of a file, and what they were taken as so far.
  private struct ArrayListing {
    var arrays: [ListedArray]

    init(_ file: any ArrayFile, name: String? = nil) {
      arrays = file.arrays.map { ListedArray($0, file: name) }
    }

    mutating func add(
      _ pair: ArrayRoles.Pair, _ inputs: ListedArray.Use, _ labels: ListedArray.Use
    ) {
      arrays[pair.samples].use = inputs
      arrays[pair.targets].use = labels
    }
  }

  // MARK: Files

  /// Opens a file or directory. A file with a single array belongs together with those beside it whose
  /// names differ from its own in the role only, unless it is to be read alone.
  private static func open(
    _ path: String, isAlone: Bool = false
  ) throws(ArraysError) -> any ArrayFile {
    if FileSystem.isDirectory(path) { return try ArrayDirectory(path) }
    if isPickle(path) { throw .pickle(path: path) }
    guard let format = try format(of: path) else {
      throw .unreadable(path: path, problem: "not a file of arrays: \(ArrayFormats.list)")
    }
    let file = try format.open(path)
    guard file.arrays.count == 1, !isAlone else { return file }
    let group = ArrayRole(of: Path.name(of: path)).group.filter { !formatWords.contains($0) }
    let directory = try ArrayDirectory(Path.parent(of: path)) { name in
      ArrayRole(of: name).group.filter { !formatWords.contains($0) } == group
    }
    return directory.arrays.count == 1 ? file : directory
  }

  private static func format(of path: String) throws(ArraysError) -> (any ArrayFormat)? {
    do throws(FileReadError) { return try ArrayFormats.format(of: path) } catch {
      throw .file(error)
    }
  }

  /// Words in the names of IDX files that name the format.
  private static let formatWords: Set = [
    "idx1", "idx2", "idx3", "idx4", "ubyte", "byte", "short", "int", "float", "double", "gz",
  ]

  /// Tells if a file begins as a pickle of protocol 2 and later, plain or gzip, or is named as one.
  private static func isPickle(_ path: String) -> Bool {
    if ["pkl", "pickle"].contains(Path.fileExtension(of: path).lowercased()) {
      return FileSystem.isFile(path)
    }
    do throws(FileReadError) {
      var input = try InflatedInput(path)
      let start = try input.bytes(2)
      return start.count == 2 && start[0] == 0x80 && (2...5).contains(start[1])
    } catch { return false }
  }
}
