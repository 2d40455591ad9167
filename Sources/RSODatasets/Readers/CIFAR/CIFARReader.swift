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
    do throws(FileReadError) {
      var input = try InflatedInput(place)
      let isArchive = TarHeader(try input.bytes(TarHeader.size)) != nil
      return isArchive ? .recognized : .unknown(reason: "not a tar archive")
    } catch {
      return .unknown(reason: "\(error)")
    }
  }

  package func load(_ path: String) throws(CIFARError) -> Dataset {
    let place = Self.place(path)
    var files = CIFARFiles(path: place)
    if FileSystem.isDirectory(place) {
      try read(directory: place, into: &files)
    } else {
      try read(archive: place, into: &files)
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

  private func read(directory: String, into files: inout CIFARFiles) throws(CIFARError) {
    var room = limit
    for name in CIFARFiles.names {
      let path = Path.joined(directory, name)
      guard FileSystem.exists(path) else { continue }
      let bytes: [UInt8]
      do throws(FileReadError) {
        bytes = try InputFile.contents(of: path, maximumBytes: room)
      } catch .tooLarge {
        throw .filesTooLarge(directory: directory, limit: limit)
      } catch {
        throw .file(error)
      }
      room -= bytes.count
      try files.add(bytes, name: name, path: path)
    }
  }

  private func read(archive path: String, into files: inout CIFARFiles) throws(CIFARError) {
    var archive = try Self.opened(path, limit: limit)
    while let (name, bytes) = try Self.nextFile(of: &archive) {
      try files.add(bytes, name: name, path: "\(path):\(name)")
    }
  }

  private static func opened(_ path: String, limit: Int) throws(CIFARError) -> TarReader {
    do throws(FileReadError) {
      return TarReader(try InflatedInput(path), limit: limit)
    } catch {
      throw .file(error)
    }
  }

  /// The next file of the data set in an archive; nil after the last one.
  private static func nextFile(
    of archive: inout TarReader
  ) throws(CIFARError) -> (name: String, bytes: [UInt8])? {
    do throws(TarError) {
      while let member = try archive.nextMember() {
        let name = Path.name(of: member.name)
        if CIFARFiles.names.contains(name) { return (name, try archive.content(of: member)) }
      }
      return nil
    } catch {
      throw .archive(error)
    }
  }
}
