import RSOSystem

/// Reads CIFAR-100 in its published binary version: `train.bin`, `test.bin`, and optionally the names of
/// the classes in `fine_label_names.txt` and `coarse_label_names.txt`, in a directory, in its
/// subdirectory `cifar-100-binary`, or in a tar archive, which is not unpacked
/// (https://www.cs.toronto.edu/~kriz/cifar.html).
///
/// A record has a coarse label (20 classes) and a fine one (100 classes). The fine one is the class,
/// unless `--labels coarse` asks for the other.
package struct CIFAR100Reader: DatasetReader {
  private static let publication = CIFARPublication(
    name: "cifar100", directory: "cifar-100-binary", archive: "cifar-100-binary.tar.gz",
    firstFile: training)
  private static let (training, test) = ("train.bin", "test.bin")

  /// The labels of a record, in their order.
  private enum Label: String, CaseIterable {
    case coarse, fine

    var classes: Int { self == .fine ? 100 : 20 }
    var index: Int { self == .fine ? 1 : 0 }
    var namesFile: String { "\(rawValue)_label_names.txt" }
  }

  /// The most bytes that are read, of all files together; the published ones have 184 million.
  private let limit: Int

  package init(limit: Int = 1 << 30) { self.limit = limit }

  package var kind: String { "CIFAR-100's binary version" }

  package var published: [PublishedDataset] { [Self.publication.dataset] }

  package func recognition(of path: String) -> Recognition {
    let place = Self.publication.place(path)
    if FileSystem.isDirectory(place) {
      let hasFiles = [Self.training, Self.test].allSatisfy {
        FileSystem.isFile(Path.joined(place, $0))
      }
      return hasFiles ? .recognized : .unknown(reason: "no 'train.bin' and 'test.bin' in it")
    }
    guard case .recognized = CIFARSource.recognition(ofArchive: place) else {
      return CIFARSource.recognition(ofArchive: place)
    }
    return Self.holdsFiles(place) ? .recognized : .unknown(reason: "no 'train.bin' in it")
  }

  /// Tells if one of the first members of an archive is a file of CIFAR-100's.
  static func holdsFiles(_ path: String) -> Bool {
    let names = [training, test] + Label.allCases.map(\.namesFile)
    do {
      var archive = TarReader(try InflatedInput(path), limit: 1 << 30)
      for _ in 0..<4 {
        guard let member = try archive.nextMember() else { return false }
        if names.contains(Path.name(of: member.name)) { return true }
      }
    } catch { return false }
    return false
  }

  package func load(_ path: String, _ request: DataRequest) throws(CIFARError) -> Dataset {
    let place = Self.publication.place(path)
    guard let label = Label(rawValue: request.labels ?? Label.fine.rawValue) else {
      throw .unknownLabels(path: path, name: request.labels ?? "")
    }
    var others = request
    others.labels = nil
    try others.refuseChoices(of: path)
    var batches: [String: CIFARBatch] = [:]
    var names: [String] = []
    try CIFARSource(
      path: place, names: [label.namesFile, Self.training, Self.test], limit: limit
    ).each { (name, bytes, file) throws(CIFARError) in
      guard name != label.namesFile else {
        names = try Self.lines(of: bytes, count: label.classes, path: file)
        return
      }
      guard batches[name] == nil else {
        throw .archive(.malformed(path: place, .duplicate(name: name)))
      }
      batches[name] = try CIFARBatch(bytes, path: file, labelBytes: 2, label: label.index)
    }
    return Dataset(
      name: Path.name(of: Path.absolute(path)),
      training: try Self.set(batches, Self.training, label.classes, place),
      test: try Self.set(batches, Self.test, label.classes, place), outputNames: names)
  }

  private static func set(
    _ batches: [String: CIFARBatch], _ name: String, _ classes: Int, _ place: String
  ) throws(CIFARError) -> SampleSet {
    guard let batch = batches[name] else { throw .batchMissing(path: place, name: name) }
    return try CIFARBatch.set(of: [batch], classes: classes)
  }

  /// The lines of a file with class names that are not blank.
  private static func lines(
    of bytes: [UInt8], count: Int, path: String
  ) throws(CIFARError) -> [String] {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }.filter { !$0.allSatisfy(\.isWhitespace) }
    guard lines.count == count else {
      throw .wrongNameCount(path: path, count: lines.count, expected: count)
    }
    return lines
  }
}
