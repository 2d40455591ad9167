import Foundation

/// CIFAR-10 as its binary version is published: `data_batch_1.bin` and following, `test_batch.bin`
/// and, if it is there, `batches.meta.txt`, in a directory, in its subdirectory
/// `cifar-10-batches-bin`, or in a tar archive, which is not unpacked
/// (https://www.cs.toronto.edu/~kriz/cifar.html).
///
/// Batches are taken in the order of their numbers, from 1 without a gap. There are as many classes as
/// `batches.meta.txt` has lines with a name, ten without it.
package struct CIFARReader: Sendable {
  /// What the published files are called, unpacked and packed.
  static let directoryName = "cifar-10-batches-bin"
  static let archiveName = "cifar-10-binary.tar.gz"
  static let name = "cifar10"

  package let url: URL
  /// The most bytes that are read, of all files together; the published ones have 184 million.
  package let limit: Int

  package init(_ url: URL, limit: Int = 1 << 30) {
    self.url = url.standardizedFileURL
    self.limit = limit
  }

  /// Whether the first training batch is here, or an archive.
  package var holdsData: Bool {
    let place = place
    if Self.exists(place.appendingPathComponent(CIFARFiles.trainingName(1))) { return true }
    guard let file = try? InputFile(place) else { return false }
    return file.holds(GzipInflater.magic, at: 0) || file.holds(Array("ustar".utf8), at: 257)
  }

  /// Reads and checks all files.
  package func load() throws(DatasetError) -> Dataset {
    let place = place
    var files = CIFARFiles(path: place.path)
    if Self.isDirectory(place) {
      try read(directory: place, into: &files)
    } else {
      try read(archive: place, into: &files)
    }
    let names = [url.lastPathComponent, place.lastPathComponent]
    let isPublished =
      files.havePublishedForm
      && names.contains { [Self.name, Self.directoryName, Self.archiveName].contains($0) }
    return try files.dataset(named: isPublished ? Self.name : url.lastPathComponent)
  }

  /// The directory of the batches, or the archive.
  private var place: URL {
    if Self.exists(url.appendingPathComponent(CIFARFiles.trainingName(1))) { return url }
    let inner = [Self.directoryName, Self.archiveName].map { url.appendingPathComponent($0) }
    return inner.first(where: Self.exists) ?? url
  }

  private func read(directory: URL, into files: inout CIFARFiles) throws(DatasetError) {
    var room = limit
    for name in CIFARFiles.names {
      let url = directory.appendingPathComponent(name)
      guard Self.exists(url) else { continue }
      let file = try InputFile(url)
      guard file.size <= room else { throw .filesTooLarge(directory: directory.path, limit: limit) }
      room -= file.size
      try files.add(try file.contents(), name: name, path: file.path)
    }
  }

  private func read(archive: URL, into files: inout CIFARFiles) throws(DatasetError) {
    var archive = TarReader(try InflatedInput(archive), limit: limit)
    while let member = try archive.nextMember() {
      let name = member.name.split(separator: "/").last.map(String.init) ?? ""
      guard CIFARFiles.names.contains(name) else { continue }
      let bytes = try archive.content(of: member)
      try files.add(bytes, name: name, path: "\(archive.path):\(name)")
    }
  }

  private static func exists(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.path)
  }

  private static func isDirectory(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
