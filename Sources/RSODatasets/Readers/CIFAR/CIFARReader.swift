import RSOSystem

/// Reads CIFAR-10 in its published binary version: `data_batch_1.bin` and following, `test_batch.bin`
/// and optionally `batches.meta.txt`, in a directory, in its subdirectory `cifar-10-batches-bin`, or in
/// a tar archive, which is not unpacked (https://www.cs.toronto.edu/~kriz/cifar.html).
///
/// Batches are read in the order of their numbers, from 1 without a gap. The number of classes is the
/// number of names in `batches.meta.txt`; ten without that file.
package struct CIFARReader: DatasetReader {
  private static let publication = CIFARPublication(
    name: "cifar10", directory: "cifar-10-batches-bin", archive: "cifar-10-binary.tar.gz",
    firstFile: CIFARFiles.trainingName(1))

  /// The most bytes that are read, of all files together; the published ones have 184 million.
  private let limit: Int

  package init(limit: Int = 1 << 30) { self.limit = limit }

  package var kind: String { "CIFAR-10's binary version" }

  package var published: [PublishedDataset] { [Self.publication.dataset] }

  package func recognition(of path: String) -> Recognition {
    let place = Self.publication.place(path)
    if FileSystem.exists(Path.joined(place, CIFARFiles.trainingName(1))) { return .recognized }
    if FileSystem.isDirectory(place) {
      return .unknown(reason: "no '\(CIFARFiles.trainingName(1))' in it")
    }
    if CIFAR100Reader.holdsFiles(place) { return .unknown(reason: "it holds CIFAR-100") }
    return CIFARSource.recognition(ofArchive: place)
  }

  package func load(_ path: String, _ request: DataRequest) throws(CIFARError) -> Dataset {
    let place = Self.publication.place(path)
    try request.refuseChoices(of: path)
    var files = CIFARFiles(path: place)
    try CIFARSource(path: place, names: CIFARFiles.names, limit: limit).each {
      (name, bytes, path) throws(CIFARError) in
      try files.add(bytes, name: name, path: path)
    }
    let name = Path.name(of: Path.absolute(path))
    let isPublished =
      files.havePublishedForm
      && [name, Path.name(of: place)].contains(where: Self.publication.names.contains)
    return try files.dataset(named: isPublished ? Self.publication.name : name)
  }
}
