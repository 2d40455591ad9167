import Foundation
import RSONumerics

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

  /// The data set of this name or directory, provided its content is the one identified; without a
  /// name, it is looked for under the name it had. It bears that name.
  package func load(
    matching identity: DataIdentity, from name: String?
  ) throws(DatasetError) -> Dataset {
    var dataset = try find(name, default: identity.name).load()
    let differences = dataset.identity.differences(from: identity)
    guard differences.isEmpty else {
      throw .differentData(name: dataset.name, differences: differences)
    }
    dataset.name = identity.name
    return dataset
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
