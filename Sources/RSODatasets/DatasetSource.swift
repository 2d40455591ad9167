import Foundation
import RSONumerics
import RSOSystem

/// Finds and loads the data set that `--data` names.
///
/// A value with a slash is a directory, or the archive of CIFAR-10. A bare name, that of the usual
/// data when there is none, is looked for
///
/// 1. in the working directory, if it was given;
/// 2. in `$RSO_DATA`, or as `$RSO_DATA` itself if it bears that name or none was given;
/// 3. as `Fixtures/NAME` of the repository that the program was built in;
/// 4. as `PREFIX/share/rso/NAME` for a program in `PREFIX/bin` or `PREFIX/libexec/rso`;
///
/// `cifar10` in the first two under the names too that its files are published with.
package struct DatasetSource: Sendable {
  private let dataDirectory: URL?
  private let executableURL: URL?
  private let workingDirectory: URL

  package init(environment: [String: String], executableURL: URL?, workingDirectory: URL) {
    self.executableURL = executableURL
    self.workingDirectory = workingDirectory
    dataDirectory = environment["RSO_DATA"].flatMap { path in
      path.isEmpty ? nil : Self.resolve(path, in: workingDirectory)
    }
  }

  /// The data set of this name or place; without one, the usual data set of images of this shape:
  /// `cifar10` if they are as its are, otherwise `mnist`.
  package func load(
    _ name: String?, for shape: ImageShape? = nil
  ) throws(DatasetError) -> Dataset {
    let usual = shape == CIFARBatch.shape ? CIFARReader.name : "mnist"
    return try find(name, default: usual).load()
  }

  /// Finds the data of a run and checks that the content is the one identified. Its digest decides, not
  /// its name or place.
  ///
  /// Without a name the data is looked for at the recorded places, then where a data set of its name
  /// is looked for. The first place with the right content is taken.
  ///
  /// - Parameters:
  ///   - name: The value of `--data`; nil if there is none.
  ///   - recorded: Paths at which the run had its data, best first.
  ///
  /// - Returns: The data set under the name that it had.
  ///
  /// *Throws:* `DatasetError.differentData`, `.runDataNotFound`, `.notFound`.
  package func load(
    matching identity: DataIdentity, from name: String?, recorded: [String] = []
  ) throws(DatasetError) -> Dataset {
    var dataset: Dataset
    if let name {
      dataset = try find(name, default: identity.name).load()
      let differences = dataset.identity.differences(from: identity)
      guard differences.isEmpty else {
        throw .differentData(name: dataset.name, differences: differences)
      }
    } else {
      dataset = try search(for: identity, recorded: recorded)
    }
    dataset.name = identity.name
    return dataset
  }

  private func search(
    for identity: DataIdentity, recorded: [String]
  ) throws(DatasetError) -> Dataset {
    let named = places(of: identity.name, isGiven: false)
    var searched: [SearchedPlace] = []
    var difference: DatasetError?
    for url in recorded.map({ URL(fileURLWithPath: $0) }) + named
    where !searched.contains(where: { $0.path == url.path }) {
      do throws(DatasetError) {
        // A path that a file tells may be anything, such as a pipe or a device.
        guard let kind = try? FileSystem.status(of: url.path).kind,
          kind == .file || kind == .directory, let place = DatasetPlace(url)
        else { throw .noDataset(path: url.path) }
        let dataset = try place.load()
        let differences = dataset.identity.differences(from: identity)
        if differences.isEmpty { return dataset }
        difference = difference ?? .differentData(name: dataset.name, differences: differences)
        searched.append(SearchedPlace(path: url.path, finding: "other data"))
      } catch {
        searched.append(
          SearchedPlace(
            path: url.path, finding: FileSystem.exists(url.path) ? "no data set" : "nothing"))
      }
    }
    if recorded.isEmpty {
      throw difference ?? .notFound(name: identity.name, searched: named.map(\.path))
    }
    throw .runDataNotFound(
      name: identity.name, sha256: identity.trainingSHA256, searched: searched)
  }

  private func find(_ given: String?, default usual: String) throws(DatasetError) -> DatasetPlace {
    if let given, !Self.isBare(given) {
      let url = Self.resolve(given, in: workingDirectory)
      guard let place = DatasetPlace(url) else { throw DatasetPlace.refusal(of: url) }
      return place
    }
    let name = given ?? usual
    let places = places(of: name, isGiven: given != nil)
    for url in places {
      if let place = DatasetPlace(url) { return place }
    }
    // A directory that lacks its files tells more than that nothing was found.
    if given != nil, FileManager.default.fileExists(atPath: places[0].path) {
      throw DatasetPlace.refusal(of: places[0])
    }
    throw .notFound(name: name, searched: places.map(\.path))
  }

  /// Where a name is looked for, best first.
  private func places(of name: String, isGiven: Bool) -> [URL] {
    // A name that a checkpoint tells must not lead out of the places below.
    let isBare = Self.isBare(name)
    let names =
      name == CIFARReader.name
      ? [name, CIFARReader.directoryName, CIFARReader.archiveName] : [name]
    var places: [URL] = []
    if isGiven { places += names.map { Self.resolve($0, in: workingDirectory) } }
    if let dataDirectory {
      if isBare { places += names.map { dataDirectory.appendingPathComponent($0) } }
      if !isGiven || names.contains(dataDirectory.lastPathComponent) {
        places.append(dataDirectory)
      }
    }
    if isBare, let executableURL {
      for program in [executableURL, executableURL.resolvingSymlinksInPath()] {
        places += Self.places(of: name, near: program.standardizedFileURL)
      }
    }
    return places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func places(of name: String, near program: URL) -> [URL] {
    let folders = sequence(first: program.deletingLastPathComponent()) { folder in
      folder.path == "/" ? nil : folder.deletingLastPathComponent()
    }
    let repository = folders.lazy.map { $0.appendingPathComponent("Fixtures/\(name)") }
      .first(where: isDirectory)
    let installed = folders.dropFirst().prefix(2).map {
      $0.appendingPathComponent("share/rso/\(name)")
    }
    return (repository.map { [$0] } ?? []) + installed
  }

  /// Whether this is a name, not a path.
  private static func isBare(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && name != "." && name != ".."
  }

  private static func resolve(_ path: String, in directory: URL) -> URL {
    path.hasPrefix("/")
      ? URL(fileURLWithPath: path).standardizedFileURL
      : directory.appendingPathComponent(path).standardizedFileURL
  }

  private static func isDirectory(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
