import RSONumerics
import RSOSystem

/// Reads folders of PNG and JPEG pictures: `DIR/train/CLASS/*.png`, `DIR/test/CLASS/*.png` and
/// `DIR/val/CLASS/*.png`, or `DIR/CLASS/*.png` alone. Names of sets are read in upper and lower case. All pictures have
/// one size.
package struct FolderReader: DatasetReader {
  private static let trainingNames = ["train", "training"]
  private static let validationNames = ["val", "valid", "validation"]
  private static let testNames = ["test", "testing"]

  package init() {}

  package var kind: String { "folders of PNG or JPEG pictures" }

  package var published: [PublishedDataset] { [] }

  package func recognition(of path: String) -> Recognition {
    guard FileSystem.isDirectory(path) else {
      return PictureFolder.isPicture(path)
        ? .recognized : .unknown(reason: "neither a directory nor a picture")
    }
    let training = Self.directory(Self.trainingNames, in: path) ?? path
    // A directory of tables may have pictures beside them, such as plots.
    return PictureFolder.isFolder(training)
      || (TableFiles(path) == nil && PictureFolder.hasPictures(path))
      ? .recognized : .unknown(reason: Self.lack(in: path))
  }

  private static func lack(in path: String) -> String {
    let names = (try? PictureFolder.names(in: path)) ?? []
    guard let set = names.prefix(64).first(where: { PictureFolder.isFolder(Path.joined(path, $0)) })
    else { return "no directory with pictures in it" }
    return
      "its directory '\(printable(set))' has directories with pictures: name that, and test pictures with --test-data"
  }

  package func load(_ path: String, _ request: DataRequest) throws(FolderError) -> Dataset {
    let given = [
      ("--inputs", request.inputs), ("--labels", request.labels), ("--label", request.label),
    ]
    if let option = given.first(where: { $0.1 != nil }) {
      throw .notForFolders(path: path, option: option.0)
    }
    var folders: [PictureFolder] = []
    let training = Self.directory(Self.trainingNames, in: path)
    folders.append(try PictureFolder(training ?? path))
    let validation = training.flatMap { _ in Self.directory(Self.validationNames, in: path) }
    if let validation { folders.append(try PictureFolder(validation)) }
    let test =
      request.testData.map { Self.directory(Self.testNames, in: $0) ?? $0 }
      ?? training.flatMap { _ in Self.directory(Self.testNames, in: path) }
    if let test { folders.append(try PictureFolder(test)) }
    var (parts, remarks) = try Self.parts(folders, path: path)
    var raw = RawDataset(training: parts.removeFirst())
    if validation != nil { raw.validation = parts.removeFirst() }
    if test != nil { raw.test = parts.removeFirst() }
    var rest = request
    rest.layout = .nchw
    do throws(AssemblyError) {
      var dataset = try DatasetAssembly.dataset(
        raw, named: Path.name(of: Path.absolute(path)), rest)
      dataset.remarks += remarks + Self.leftOut(of: folders)
      return dataset
    } catch {
      throw .assembly(path: path, error)
    }
  }

  /// Returns samples without targets: one picture, or those in a directory, or else in the directories in it. Of
  /// a training and a test set, the test set is taken.
  ///
  /// *Throws:* `FolderError`.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(FolderError) -> (shape: ImageShape, samples: SampleStorage) {
    var collector = PictureCollector(folder: path)
    try collector.add(try Self.files(of: path))
    // A network for colours takes grey as training does.
    if request.features == 3 * collector.height * collector.width { collector.spread() }
    let shape = ImageShape(
      channels: collector.channels, height: collector.height, width: collector.width)
    return (shape, .bytes(collector.pixels))
  }

  private static func files(of path: String) throws(FolderError) -> [String] {
    guard FileSystem.isDirectory(path) else { return [path] }
    let training = directory(trainingNames, in: path)
    let folder = training.map { directory(testNames, in: path) ?? $0 } ?? path
    let files = try PictureFolder.pictures(in: folder)
    return files.isEmpty ? try PictureFolder(folder).files : files
  }

  /// Decodes the pictures of all sets, which have one size and the same channels.
  private static func parts(
    _ folders: [PictureFolder], path: String
  ) throws(FolderError) -> (parts: [RawPart], remarks: [String]) {
    var collector = PictureCollector(folder: path)
    try collector.add(folders.flatMap(\.files))
    let size = collector.channels * collector.height * collector.width
    var parts: [RawPart] = []
    var start = 0
    for folder in folders {
      let targets = folder.targets
      let end = start + targets.count * size
      parts.append(
        RawPart(
          samples: RawSamples(
            storage: .bytes(
              folders.count == 1 ? collector.pixels : Array(collector.pixels[start..<end])),
            shape: [targets.count, collector.channels, collector.height, collector.width],
            name: Path.name(of: folder.path)),
          targets: targets))
      start = end
    }
    return (parts, remarks(collector))
  }

  private static func remarks(_ collector: PictureCollector) -> [String] {
    let found = [
      (collector.alpha, "transparency was dropped"),
      (collector.depth, "16 bits per channel were reduced to the upper 8"),
      (collector.grey, "grey became red, green and blue of the same value"),
    ]
    return found.compactMap { remark, words in
      remark.first.map { first in
        "\(words) in \(remark.count) picture\(remark.count == 1 ? "" : "s"), the first of them "
          + "'\(printable(first))'"
      }
    }
  }

  private static func leftOut(of folders: [PictureFolder]) -> [String] {
    let found = [
      (folders.flatMap(\.otherPictures), "pictures that are neither PNG nor JPEG"),
      (folders.flatMap(\.innerDirectories), "directories in those of the classes"),
      (folders.flatMap(\.strayPictures), "pictures beside the directories of the classes"),
    ]
    return found.compactMap { paths, what in
      paths.first.map { "left out: \(what), \(paths.count) in all, the first '\(printable($0))'" }
    }
  }

  /// The directory of one of the names, or else of one that differs from them in case alone. A directory with
  /// pictures in it is a class, even if it is named `Train`.
  private static func directory(_ names: [String], in path: String) -> String? {
    let exact = names.map { Path.joined(path, $0) }.first(where: FileSystem.isDirectory)
    guard exact == nil, FileSystem.isDirectory(path) else { return exact }
    let found = (try? PictureFolder.names(in: path)) ?? []
    return found.filter { names.contains($0.lowercased()) }.map { Path.joined(path, $0) }
      .first(where: PictureFolder.isFolder)
  }
}
