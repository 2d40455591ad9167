import RSONumerics
import RSOSystem

/// Finds and loads the data set that `--data` names.
///
/// A value with a slash is a path. Any other value, or the default name, is looked for
///
/// 1. in the working directory, if it was given;
/// 2. in `$RSO_DATA`, or as `$RSO_DATA` itself if it has that name or no name was given;
/// 3. as `Fixtures/NAME` of the repository that the program was built in;
/// 4. as `PREFIX/share/rso/NAME` for a program in `PREFIX/bin` or `PREFIX/libexec/rso`.
///
/// In the first two places, a published data set is also found by the names of its files.
package struct DatasetSource: Sendable {
  private let dataDirectory: String?
  private let program: String?
  private let workingDirectory: String
  private let readers: [any DatasetReader]

  /// - Parameters:
  ///   - dataDirectory: The value of `RSO_DATA`; nil or empty where it is not set.
  ///   - program: The path of the running program; nil to look in the first two places only.
  ///   - workingDirectory: An absolute path.
  ///   - readers: The kinds of data sets that are read.
  package init(
    dataDirectory: String?, program: String?, workingDirectory: String,
    readers: [any DatasetReader] = DatasetReaders.all
  ) {
    self.dataDirectory = dataDirectory.flatMap { path in
      path.isEmpty ? nil : Path.absolute(path, in: workingDirectory)
    }
    self.program = program.map { Path.absolute($0, in: workingDirectory) }
    self.workingDirectory = workingDirectory
    self.readers = readers
  }

  /// Loads a data set.
  ///
  /// - Parameters:
  ///   - name: A name or path. Nil for the default data set: the first published one with samples
  ///     of this shape; otherwise the first one of all, `mnist`.
  ///   - classes: The network's number of classes, which data with an open number adopt.
  ///   - request: How the data are to be read.
  ///
  /// *Throws:* `DatasetError`.
  package func load(
    _ name: String?, for shape: ImageShape? = nil, classes: Int? = nil,
    request: DataRequest = DataRequest()
  ) throws(DatasetError) -> Dataset {
    let published = readers.flatMap { $0.published }
    let standard = published.first { $0.shape == shape } ?? published.first
    var dataset = try load(found: find(name, default: standard?.name ?? ""), request)
    if let classes { dataset.adoptClasses(classes) }
    return dataset
  }

  /// Loads samples whose targets are not needed: those of data without targets, or of the test set of a
  /// data set, or of its training set if there is no test set.
  ///
  /// *Throws:* `DatasetError`.
  package func samples(
    _ name: String, request: DataRequest
  ) throws(DatasetError) -> (shape: ImageShape, storage: SampleStorage) {
    try Self.samples(of: find(name, default: name), request)
  }

  private static func samples(
    of found: Found, _ request: DataRequest
  ) throws(DatasetError) -> (shape: ImageShape, storage: SampleStorage) {
    func read<Reader: DatasetReader>(
      _ reader: Reader
    ) throws(DatasetError) -> (shape: ImageShape, storage: SampleStorage) {
      do throws(Reader.Failure) {
        let (shape, samples) = try reader.samples(at: found.path, request)
        return (shape, samples)
      } catch {
        throw DatasetError(error)
      }
    }
    return try read(found.reader)
  }

  /// Finds the data of a run. Data are recognised by their content (digests, shape, counts), not by
  /// their name or path.
  ///
  /// Without a name, the recorded paths are searched first, then the places of a data set of this
  /// name. The first place with the right content is used.
  ///
  /// - Parameters:
  ///   - name: The value of `--data`; nil if there is none.
  ///   - recorded: Paths at which the run had its data, best first.
  ///   - request: How the run asked to read its data.
  ///   - ignoresTest: True if the test set may be another one.
  ///
  /// - Returns: The data set, with its name in `identity`.
  ///
  /// *Throws:* `DatasetError`; `.differentData` if only other data were found.
  package func load(
    matching identity: DataIdentity, from name: String?, recorded: [String] = [],
    request: DataRequest = DataRequest(), ignoresTest: Bool = false
  ) throws(DatasetError) -> Dataset {
    var request = request
    request.isRecorded = true
    if let name {
      var dataset = try load(found: find(name, default: identity.name), request)
      dataset.adoptClasses(identity.outputs)
      try dataset.requireContent(of: identity, ignoresTest: ignoresTest)
      dataset.takeNames(of: identity)
      return dataset
    }
    return try search(for: identity, recorded: recorded, request, ignoresTest: ignoresTest)
  }

  /// Loads the data that are named to evaluate the network of a run.
  ///
  /// Whatever `request` leaves open is as the run read its data. Other data than the run's keep their own
  /// parts, their labels name the network's classes, of which some may be missing, and a file without the arrays
  /// that the run named is read by its own names.
  ///
  /// - Parameters:
  ///   - recorded: How the run asked to read its data.
  ///   - classNames: The network's classes; nil if they are not known.
  ///
  /// *Throws:* `DatasetError`.
  package func load(
    _ name: String, forRunOn identity: DataIdentity, readAs recorded: DataRequest,
    classNames: [String]?, request: DataRequest
  ) throws(DatasetError) -> Dataset {
    var request = request
    request.isRecorded = request.label == nil ? true : nil
    var ownReading = request.completed(by: recorded)
    // A test set alone is not divided as the run's own data were.
    ownReading.isToMeasure = nil
    var withoutTest = ownReading
    withoutTest.testData = nil
    // The run's own data may lack the test data that were apart.
    for reading in request.testData == nil && recorded.testData != nil
      ? [ownReading, withoutTest] : [ownReading]
    {
      if var own = try? load(name, classes: identity.outputs, request: reading),
        own.identity.differences(from: identity, ignoresTest: reading != ownReading).isEmpty,
        own.outputNames.isEmpty || classNames == nil || own.outputNames == classNames
      {
        own.takeNames(of: identity)
        return own
      }
    }
    var unnamed = recorded.form
    (unnamed.inputs, unnamed.labels) = (nil, nil)
    var failure: DatasetError?
    for reading in unnamed == recorded.form ? [unnamed] : [recorded.form, unnamed] {
      var reading = request.completed(by: reading)
      // Numbers to predict may all be whole.
      if reading.task == nil, identity.learningTask == .regression { reading.task = .regression }
      reading.classNames = classNames
      do throws(DatasetError) {
        return try load(name, classes: identity.outputs, request: reading)
      } catch {
        failure = error
      }
      reading.classNames = nil
      // The labels may be numbers, and their names in a list.
      if let classNames,
        let dataset = try? load(name, classes: identity.outputs, request: reading),
        dataset.outputNames == classNames
      {
        return dataset
      }
    }
    throw failure ?? .notFound(name: name, searched: [], advice: advice(on: name))
  }

  private func search(
    for identity: DataIdentity, recorded: [String], _ request: DataRequest, ignoresTest: Bool
  ) throws(DatasetError) -> Dataset {
    let named = places(of: identity.name, isGiven: false)
    var searched: [SearchedPlace] = []
    var failure: DatasetError?
    for path in recorded + named where !searched.contains(where: { $0.path == path }) {
      var finding = FileSystem.exists(path) ? "no data set" : "nothing"
      do throws(DatasetError) {
        // The last recorded path is the one that the request belongs to.
        let request = recorded.last.map { request.moved(from: $0, to: path) } ?? request
        if var dataset = try dataset(at: path, request) {
          dataset.adoptClasses(identity.outputs)
          finding = "other data"
          try dataset.requireContent(of: identity, ignoresTest: ignoresTest)
          dataset.takeNames(of: identity)
          return dataset
        }
      } catch {
        failure = failure ?? error
        if finding != "other data" { finding = "data that cannot be read" }
      }
      searched.append(SearchedPlace(path: path, finding: finding))
    }
    if let failure, failure.isAboutTestData { throw failure }
    guard recorded.isEmpty else {
      throw .runDataNotFound(
        name: identity.name, sha256: identity.trainingSHA256, searched: searched)
    }
    throw failure
      ?? .notFound(name: identity.name, searched: named, advice: advice(on: identity.name))
  }

  /// Loads the data set at a path that comes from a checkpoint; returns nil if there is none. Only
  /// files and directories are opened, never a pipe or a device.
  private func dataset(
    at path: String, _ request: DataRequest
  ) throws(DatasetError) -> Dataset? {
    guard FileSystem.isFile(path) || FileSystem.isDirectory(path), let reader = reader(of: path)
    else { return nil }
    return try load(found: (path, reader), request)
  }

  /// Looks for the public data sets that can be named without a path, and reads none of them.
  ///
  /// - Returns: The data sets, each with the place in which it is found without being named; nil for one that is
  ///   not found.
  package func publishedPlaces() -> [(dataset: PublishedDataset, place: String?)] {
    readers.flatMap { $0.published }.map { dataset in
      let found = try? find(nil, default: dataset.name)
      // $RSO_DATA may itself be another data set.
      let isIt = found?.reader.published.contains { $0.name == dataset.name } ?? false
      return (dataset, isIt ? found?.path : nil)
    }
  }

  // MARK: Readers

  private typealias Found = (path: String, reader: any DatasetReader)

  private func load(found: Found, _ request: DataRequest) throws(DatasetError) -> Dataset {
    func load<Reader: DatasetReader>(_ reader: Reader) throws(DatasetError) -> Dataset {
      do throws(Reader.Failure) {
        var dataset = try reader.load(found.path, request)
        dataset.place = found.path
        dataset.kind = reader.kind
        dataset.request = request.completed(by: dataset.request)
        dataset.request.isRecorded = nil
        return dataset
      } catch {
        if let path = request.testData, !FileSystem.exists(path) {
          throw .testDataNotFound(path: path)
        }
        throw DatasetError(error)
      }
    }
    let dataset = try load(found.reader)
    do throws(AssemblyError) { return try DatasetDivision.divide(dataset, request) } catch {
      throw .unreadable(reason: "cannot use '\(found.path)': \(error)", cause: .content)
    }
  }

  /// The first reader that recognises a path; nil where none does.
  private func reader(of path: String) -> (any DatasetReader)? {
    readers.first { $0.recognition(of: path) == .recognized }
  }

  /// The error for a path that no reader recognises.
  private func refusal(of path: String) -> DatasetError {
    do throws(SystemError) {
      _ = try FileSystem.status(of: path)
    } catch {
      return .unreadable(
        reason: "cannot open '\(path)': \(error.reason)" + Self.advice(onMissing: path),
        cause: .notFound)
    }
    let failure = FileSystem.isDirectory(path) ? nil : Self.refusal(ofFile: path)
    return failure ?? unknownKind(path)
  }

  /// The error that lists all kinds.
  private func unknownKind(_ path: String) -> DatasetError {
    .unknownKind(
      path: path,
      kinds: readers.map { reader in
        guard case .unknown(let reason) = reader.recognition(of: path) else { return reader.kind }
        return "\(reader.kind) (\(reason))"
      })
  }

  // MARK: Places

  private func find(
    _ given: String?, default standard: String
  ) throws(DatasetError) -> Found {
    if given == "" { throw .noName }
    if let given, !Self.isBare(given) {
      let path = Path.absolute(given, in: workingDirectory)
      guard let reader = reader(of: path) else { throw refusal(of: path) }
      return (path, reader)
    }
    let name = given ?? standard
    let places = places(of: name, isGiven: given != nil)
    for path in places {
      if let reader = reader(of: path) { return (path, reader) }
    }
    // A directory without the expected files is a better hint than the list of places.
    if given != nil, FileSystem.exists(places[0]) { throw refusal(of: places[0]) }
    throw .notFound(name: name, searched: places, advice: advice(on: name))
  }

  /// The advice in the error for a name that is not found.
  private func advice(on name: String) -> String {
    let published = readers.flatMap { $0.published }
    return published.first { $0.name == name }?.advice
      ?? Self.advice(
        on: name, among: published.map(\.name),
        in: [workingDirectory] + (dataDirectory.map { [$0] } ?? []))
  }

  /// The paths at which a name is looked for, best first.
  private func places(of name: String, isGiven: Bool) -> [String] {
    // A name from a checkpoint must not lead out of the directories below.
    let isBare = Self.isBare(name)
    let published = readers.flatMap { $0.published }.first { $0.name == name }
    let names = [name] + (published?.fileNames ?? [])
    var places: [String] = []
    if isGiven { places += names.map { Path.absolute($0, in: workingDirectory) } }
    if let dataDirectory {
      if isBare { places += names.map { Path.joined(dataDirectory, $0) } }
      if !isGiven || names.contains(Path.name(of: dataDirectory)) { places.append(dataDirectory) }
    }
    if isBare, let program {
      for program in [program, FileSystem.resolved(program) ?? program] {
        places += Self.places(of: name, near: program)
      }
    }
    return places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func places(of name: String, near program: String) -> [String] {
    let folders = Array(
      sequence(first: Path.parent(of: program)) { $0 == "/" ? nil : Path.parent(of: $0) })
    let repository = folders.map { Path.joined($0, "Fixtures/\(name)") }
      .first(where: FileSystem.isDirectory)
    let installed = folders.dropFirst().prefix(2).map { Path.joined($0, "share/rso/\(name)") }
    return (repository.map { [$0] } ?? []) + installed
  }

  /// True for a name, false for a path.
  private static func isBare(_ name: String) -> Bool {
    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")) && name != "." && name != ".."
  }
}
