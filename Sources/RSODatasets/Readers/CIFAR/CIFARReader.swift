import RSOSystem

/// Reads CIFAR-10 in its published binary version: `data_batch_1.bin` and following, `test_batch.bin`
/// and optionally `batches.meta.txt`, in a directory, in its subdirectory `cifar-10-batches-bin`, or in
/// a tar archive, which is not unpacked (https://www.cs.toronto.edu/~kriz/cifar.html).
///
/// Batches are read in the order of their numbers, from 1 without a gap. The number of classes is the
/// number of names in `batches.meta.txt`; ten without that file.
package struct CIFARReader: DatasetReader {
  /// The names of the published files, unpacked and packed.
  private static let directoryName = "cifar-10-batches-bin"
  private static let archiveName = "cifar-10-binary.tar.gz"
  private static let name = "cifar10"

  /// The most bytes that are read, of all files together; the published ones have 184 million.
  private let limit: Int

  package init(limit: Int = 1 << 30) { self.limit = limit }

  package var kind: String { "CIFAR-10's binary version" }

  package var published: [PublishedDataset] {
    [
      PublishedDataset(
        name: Self.name, shape: CIFARBatch.shape,
        fileNames: [Self.directoryName, Self.archiveName],
        advice: "it does not come with rso: get cifar-10-binary.tar.gz from "
          + "https://www.cs.toronto.edu/~kriz/cifar.html, and name it with --data")
    ]
  }

  package func recognition(of path: String) -> Recognition {
    let place = Self.place(path)
    if FileSystem.exists(Path.joined(place, CIFARFiles.trainingName(1))) { return .recognized }
    if FileSystem.isDirectory(place) {
      return .unknown(reason: "no '\(CIFARFiles.trainingName(1))' in it")
    }
    if CIFAR100Reader.holdsFiles(place) { return .unknown(reason: "it holds CIFAR-100") }
    return CIFARSource.recognition(ofArchive: place)
  }

  package func load(_ path: String, _ request: DataRequest) throws(CIFARError) -> Dataset {
    let place = Self.place(path)
    try request.refuseChoices(of: path)
    var files = CIFARFiles(path: place)
    try CIFARSource(path: place, names: CIFARFiles.names, limit: limit).each {
      (name, bytes, path) throws(CIFARError) in
      try files.add(bytes, name: name, path: path)
    }
    let name = Path.name(of: Path.absolute(path))
    let isPublished =
      files.havePublishedForm
      && [name, Path.name(of: place)].contains {
        [Self.name, Self.directoryName, Self.archiveName].contains($0)
      }
    return try files.dataset(named: isPublished ? Self.name : name)
  }

  /// The directory of the batches, or the archive.
  private static func place(_ path: String) -> String {
    if FileSystem.exists(Path.joined(path, CIFARFiles.trainingName(1))) { return path }
    let inner = [directoryName, archiveName].map { Path.joined(path, $0) }
    return inner.first(where: FileSystem.exists) ?? path
  }
}
