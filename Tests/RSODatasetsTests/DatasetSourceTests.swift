import Foundation
import RSODatasets
import RSONumerics
import RSOSystem
import TestSupport
import Testing

@Suite struct DatasetSourceTests {
  private func source(
    in directory: URL, data: String? = nil, program: String? = nil
  ) -> DatasetSource {
    DatasetSource(
      dataDirectory: data, program: program, workingDirectory: directory.path)
  }

  @Test("the four files are found under each of their names")
  func names() throws {
    let directory = try TemporaryDirectory()
    try directory.writeDataset("plain")
    try directory.writeDataset("dotted", separator: ".")
    try directory.writeDataset("packed", suffix: ".gz", encode: Gzip.stored)
    try directory.writeDataset("packed-dotted", suffix: ".gz", separator: ".", encode: Gzip.stored)
    let plain = try source(in: directory.url).load("plain")
    #expect(plain.training.labels == [0, 1, 2])
    #expect(plain.training.pixels == [7, 0, 255, 3, 1, 2, 3, 4, 9, 8, 7, 6])
    #expect(plain.test?.labels == [9, 0])
    #expect(plain.training.outputs == 10)
    #expect(plain.training.shape.description == "1 x 2 x 2")
    for name in ["dotted", "packed", "./packed-dotted", directory.url.path + "/packed-dotted/"] {
      let found = try source(in: directory.url).load(name)
      #expect(found.training == plain.training)
      #expect(found.test == plain.test)
      #expect(found.name == URL(fileURLWithPath: name).lastPathComponent)
    }
  }

  @Test("a name is looked for in the order promised")
  func order() throws {
    let directory = try TemporaryDirectory()
    // Each place holds another first pixel, to tell which was taken.
    let places = [
      "mnist", "data/mnist", "data", "repository/Fixtures/mnist", "prefix/share/rso/mnist",
    ]
    for (index, place) in places.enumerated() {
      try directory.writeDataset(place, firstPixel: UInt8(index))
    }
    func found(_ name: String?, _ data: String?, _ program: String) throws -> String {
      let dataset = try source(in: directory.url, data: data, program: program).load(name)
      return places[Int(dataset.training.pixels[0])]
    }
    let built = "repository/.build/x86_64-unknown-linux-gnu/release/rso-train"
    let data = directory.url.appendingPathComponent("data").path
    #expect(try found("mnist", data, built) == "mnist")
    #expect(try found("data", data, built) == "data")
    #expect(try found(nil, data, built) == "data/mnist")
    #expect(try found(nil, "data", built) == "data/mnist")
    #expect(try found(nil, data + "/mnist", built) == "data/mnist")
    #expect(try found(nil, "", built) == "repository/Fixtures/mnist")
    #expect(try found(nil, nil, "prefix/bin/rso-train") == "prefix/share/rso/mnist")
    #expect(try found(nil, nil, "prefix/libexec/rso/rso-train") == "prefix/share/rso/mnist")

    try FileManager.default.removeItem(at: directory.url.appendingPathComponent("data/mnist"))
    #expect(try found(nil, data, built) == "data")
    try FileManager.default.removeItem(at: directory.url.appendingPathComponent("mnist"))
    // $RSO_DATA holds a data set, but none of the name asked for.
    #expect(try found("mnist", data, built) == "repository/Fixtures/mnist")

    let link = directory.url.appendingPathComponent("link")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: directory.url.appendingPathComponent("prefix/bin/rso-train"))
    try directory.write([], to: "prefix/bin/rso-train")
    #expect(try found(nil, nil, "link") == "prefix/share/rso/mnist")
  }

  @Test("cifar10 is found under its names and those of its files; images like its need no name")
  func cifar() throws {
    let directory = try TemporaryDirectory()
    let tar = CIFAR.files.flatMap { Tar.member($0.name, $0.bytes) } + Tar.end
    let places: [(place: String, isArchive: Bool)] = [
      ("cifar10", false), ("cifar-10-batches-bin", false), ("cifar-10-binary.tar.gz", true),
      ("data/cifar10", false), ("data/cifar-10-batches-bin", false),
      ("data/cifar-10-binary.tar.gz", true), ("prefix/share/rso/cifar10", false),
    ]
    for (place, isArchive) in places {
      if isArchive {
        try directory.write(Gzip.stored(tar), to: place)
      } else {
        for (name, bytes) in CIFAR.files { try directory.write(bytes, to: "\(place)/\(name)") }
      }
    }
    let source = source(in: directory.url, data: "data", program: "prefix/bin/rso-train")
    let shape = ImageShape(channels: 3, height: 32, width: 32)
    for (index, (place, _)) in places.enumerated() {
      // Nothing is asked for in the working directory: there one has to name it.
      let inWorkingDirectory = index < 3
      let name = String(place.split(separator: "/").last ?? "")
      #expect(try source.load(inWorkingDirectory ? "cifar10" : nil, for: shape).name == name)
      #expect(try source.load(place.contains("/") ? place : "./" + place).name == name)
      try FileManager.default.removeItem(at: directory.url.appendingPathComponent(place))
    }
    #expect(throws: DatasetError.self) { try source.load(nil, for: shape) }
  }

  @Test("what cannot be found or fit together is told precisely")
  func errors() throws {
    let directory = try TemporaryDirectory()
    let root = directory.url.path
    try directory.write(Array("notes".utf8), to: "empty/notes")
    for name in ["count", "label", "shape", "missing"] { try directory.writeDataset(name) }
    try directory.write(IDX.labels([1, 2]), to: "count/train-labels-idx1-ubyte")
    try directory.write(IDX.labels([3, 12]), to: "label/t10k-labels-idx1-ubyte")
    try directory.write(
      IDX.images(2, 1, 2, [1, 2, 3, 4]), to: "shape/t10k-images-idx3-ubyte")
    try FileManager.default.removeItem(
      at: directory.url.appendingPathComponent("missing/t10k-labels-idx1-ubyte"))

    let rows: [(String?, String)] = [
      (
        "empty",
        "cannot find a data set in 'R/empty'; the kinds that are read: IDX files as MNIST's (no "
          + "'train-images-idx3-ubyte' or 'train-images-idx3-ubyte.gz' in it); CIFAR-10's binary "
          + "version (no 'data_batch_1.bin' in it);"
          + " CIFAR-100's binary version (no 'train.bin' and 'test.bin' in it); arrays in npz, npy,"
          + " HDF5 or IDX files, or a directory of them (no such file in it);"
          + " folders of PNG or JPEG pictures (no directory with pictures in it);"
          + " sparse samples in svmlight (LIBSVM) files (not a regular file);"
          + " tables in CSV or TSV files (no 'train.csv' in it);"
          + " convert other files with Python:"
          + " numpy.savez('data.npz', X=samples, y=labels)"
      ),
      ("./none", "cannot open 'R/none': no such file or directory"),
      ("./labl", "cannot open 'R/labl': no such file or directory; did you mean 'R/label'?"),
      (
        "shappe",
        "cannot find data set 'shappe', looked in: 'R/shappe', 'R/data/shappe', "
          + "'R/p/share/rso/shappe', 'R/share/rso/shappe'; did you mean 'shape'? otherwise name a "
          + "file or directory with --data, or the directory of data sets with RSO_DATA"
      ),
      (
        "minst",
        "cannot find data set 'minst', looked in: 'R/minst', 'R/data/minst', "
          + "'R/p/share/rso/minst', 'R/share/rso/minst'; did you mean 'mnist'? otherwise name a "
          + "file or directory with --data, or the directory of data sets with RSO_DATA"
      ),
      (
        "empty/notes",
        "cannot find a data set in 'R/empty/notes'; the kinds that are read: IDX files as MNIST's "
          + "(not a directory); CIFAR-10's binary "
          + "version (not a tar archive);"
          + " CIFAR-100's binary version (not a tar archive); arrays in npz, npy,"
          + " HDF5 or IDX files, or a directory of them (not such a file);"
          + " folders of PNG or JPEG pictures (neither a directory nor a picture);"
          + " sparse samples in svmlight (LIBSVM) files (its first line is not 'LABEL NUMBER:VALUE ...');"
          + " tables in CSV or TSV files (its first lines are not cells of numbers);"
          + " convert other files with Python:"
          + " numpy.savez('data.npz', X=samples, y=labels)"
      ),
      ("", "cannot find data set '': the name is empty; name a file or directory"),
      (
        ".",
        "cannot find a data set in 'R'; the kinds that are read: IDX files as MNIST's (no "
          + "'train-images-idx3-ubyte' or 'train-images-idx3-ubyte.gz' in it); CIFAR-10's binary "
          + "version (no 'data_batch_1.bin' in it);"
          + " CIFAR-100's binary version (no 'train.bin' and 'test.bin' in it); arrays in npz, npy,"
          + " HDF5 or IDX files, or a directory of them (no such file in it);"
          + " folders of PNG or JPEG pictures (no directory with pictures in it);"
          + " sparse samples in svmlight (LIBSVM) files (not a regular file);"
          + " tables in CSV or TSV files (no 'train.csv' in it);"
          + " convert other files with Python:"
          + " numpy.savez('data.npz', X=samples, y=labels)"
      ),
      (
        "none",
        "cannot find data set 'none', looked in: 'R/none', 'R/data/none', 'R/p/share/rso/none', "
          + "'R/share/rso/none'; name a file or directory with --data, or the directory of data sets "
          + "with RSO_DATA"
      ),
      (
        nil,
        "cannot find data set 'mnist', looked in: 'R/data/mnist', 'R/data', 'R/p/share/rso/mnist', "
          + "'R/share/rso/mnist'; name a file or directory with --data, or the directory of data sets "
          + "with RSO_DATA; 'make install-mnist' installs it beside an installed program"
      ),
      (
        "cifar10",
        "cannot find data set 'cifar10', looked in: 'R/cifar10', 'R/cifar-10-batches-bin', "
          + "'R/cifar-10-binary.tar.gz', 'R/data/cifar10', 'R/data/cifar-10-batches-bin', "
          + "'R/data/cifar-10-binary.tar.gz', 'R/p/share/rso/cifar10', 'R/share/rso/cifar10'; "
          + "it does not come with rso: get cifar-10-binary.tar.gz from "
          + "https://www.cs.toronto.edu/~kriz/cifar.html, and name it with --data"
      ),
      (
        "count",
        "cannot use 'R/count/train-images-idx3-ubyte' with 'R/count/train-labels-idx1-ubyte': "
          + "3 images, but 2 labels"
      ),
      (
        "label",
        "cannot use 'R/label/t10k-labels-idx1-ubyte': label 1 is 12, the training set has classes "
          + "0 to 9"
      ),
      (
        "shape",
        "cannot use 'R/shape/train-images-idx3-ubyte' with 'R/shape/t10k-images-idx3-ubyte': "
          + "images of 1 x 2 x 2, but of 1 x 1 x 2"
      ),
      (
        "missing",
        "cannot find 't10k-labels-idx1-ubyte' or 't10k-labels-idx1-ubyte.gz' in 'R/missing'"
      ),
    ]
    for (name, message) in rows {
      let error = #expect(throws: DatasetError.self) {
        try source(in: directory.url, data: "data", program: "p/bin/rso-train").load(name)
      }
      #expect(error?.description.replacingOccurrences(of: root, with: "R") == message)
    }
  }

  @Test("a damaged or special file is told as such, not by the kinds that are read")
  func unreadable() throws {
    let directory = try TemporaryDirectory()
    let table = Gzip.stored(Array("1,2\n3,4\n".utf8))
    let changed = table.replacing(at: 16, with: 0x39)
    for (name, bytes, reason) in [
      ("t.csv.gz", table.dropLast(9), "gzip data ends early"),
      ("t.csv.gz", changed, "gzip data is corrupt: incorrect data check"),
      ("d/train.csv.gz", table.dropLast(9), "gzip data ends early"),
      ("t.svm.gz", Gzip.stored(Array("1 1:2\n".utf8)).dropLast(9), "gzip data ends early"),
      ("t.npy.gz", changed, "gzip data is corrupt: incorrect data check"),
      ("unknown", Gzip.header, "gzip data ends early"),
    ] {
      try directory.write(bytes, to: name)
      let given = name.hasPrefix("d/") ? "d" : name
      #expect(
        throws: DatasetError.unreadable(
          reason: "cannot read '\(directory(name))': \(reason)", cause: .content),
        "\(name)"
      ) { try source(in: directory.url).load(directory(given)) }
    }
    try #require(mkfifo(directory("pipe.csv"), 0o600) == 0)
    for path in [directory("pipe.csv"), "/dev/null"] {
      #expect(
        throws: DatasetError.unreadable(
          reason: "cannot open '\(path)': not a regular file; write the data to a file, and name "
            + "that",
          cause: .notFound)
      ) { try source(in: directory.url).load(path) }
    }
  }

  @Test("numbers that measure a network may all be whole, and are all numbers")
  func wholeNumbers() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1,0.5\n2,1.5\n".utf8, to: "own.csv")
    try directory.write("3,7\n4,9\n".utf8, to: "whole.csv")
    try directory.write("3,7\n4,?\n".utf8, to: "missing.csv")
    let source = source(in: directory.url)
    let own = try source.load("own.csv")
    func measured(_ name: String) throws -> Dataset {
      try source.load(
        name, forRunOn: own.identity, readAs: own.request, classNames: nil, request: DataRequest())
    }
    #expect(try measured("whole.csv").training.targets == .numbers([7, 9], count: 1))
    #expect(
      throws: DatasetError.unreadable(
        reason: "cannot use '\(directory("missing.csv"))': line 2, column 2 is '?', a missing "
          + "value; fill in a number, or remove the line", cause: .content)
    ) { try measured("missing.csv") }
  }

  @Test("IDX files of other types under MNIST's names are read as arrays")
  func otherTypes() throws {
    let directory = try TemporaryDirectory()
    try directory.writeDataset("d")
    let floats = [Float(0.5), 1, 2, 3].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (24 - 8 * $0)) }
    }
    let train = "d/train-images-idx3-ubyte"
    let test = "d/t10k-images-idx3-ubyte"
    try directory.write(IDX.header(0x0D03, 3, 2, 2) + floats + floats + floats, to: train)
    try directory.write(IDX.header(0x0D03, 2, 2, 2) + floats + floats, to: test)
    try directory.write(IDX.labels([1, 0]), to: "d/t10k-labels-idx1-ubyte")
    let source = source(in: directory.url)
    for name in ["d", directory(train)] {
      let dataset = try source.load(name)
      #expect(dataset.training.samples == .floats([0.5, 1, 2, 3, 0.5, 1, 2, 3, 0.5, 1, 2, 3]))
      #expect(dataset.training.labels == [0, 1, 2] && dataset.test?.labels == [1, 0])
    }
    #expect(
      try source.samples("d", request: DataRequest()).storage
        == .floats([0.5, 1, 2, 3, 0.5, 1, 2, 3]))
    // Labels under the name of images stay an error.
    try directory.write(IDX.labels([0, 1, 2]), to: train)
    #expect(
      throws: DatasetError.unreadable(
        reason: "cannot read '\(directory(train))': IDX magic is 0x00000801, expected 0x00000803 "
          + "for images", cause: .content)
    ) { try source.load("d") }
  }

  @Test("there are as many classes as the largest label needs, or as the network has")
  func classes() throws {
    let directory = try TemporaryDirectory()
    let source = source(in: directory.url)
    for (largest, classes) in [(1, 2), (2, 3), (9, 10), (10, 11), (255, 256)] {
      let name = "set-\(largest)"
      try directory.writeDataset(name, trainingLabels: [0, UInt8(largest), 1], testLabels: [0, 1])
      for (network, expected) in [
        (nil, classes), (classes, classes), (classes + 7, classes + 7), (1, classes),
      ] {
        let dataset = try source.load(name, classes: network)
        #expect(dataset.training.outputs == expected)
        #expect(dataset.test?.outputs == expected)
      }
      // A run that was begun with more classes finds its data again.
      let identity = try source.load(name, classes: classes + 7).identity
      #expect(identity.outputs == classes + 7)
      #expect(try source.load(matching: identity, from: name).identity == identity)
    }
    // The test set alone may have the largest label.
    try directory.writeDataset("tests", trainingLabels: [0, 2, 1], testLabels: [9, 0])
    #expect(try source.load("tests").training.outputs == 10)
  }

  @Test("a number of classes that the data state is not raised") func statedClasses() throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in CIFAR.files { try directory.write(bytes, to: "colours/\(name)") }
    #expect(try source(in: directory.url).load("colours", classes: 12).training.outputs == 10)
  }

  @Test("samples are read without targets; of a whole data set, those of the test set")
  func samples() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Array("a,b\n1,2.5\n3,4\n".utf8), to: "table.csv")
    try directory.writeDataset("whole")
    let source = source(in: directory.url)
    let table = try source.samples("table.csv", request: DataRequest())
    #expect(table.shape == ImageShape(channels: 2, height: 1, width: 1))
    #expect(table.storage == .floats([1, 2.5, 3, 4]))
    let whole = try source.samples("whole", request: DataRequest())
    #expect(whole.storage == (try source.load("whole").test?.samples))
    #expect(throws: DatasetError.self) { try source.samples("none.csv", request: DataRequest()) }
    #expect(throws: DatasetError.noName) { try source.samples("", request: DataRequest()) }
    #expect(throws: DatasetError.noName) { try source.load("") }
  }

  /// A kind of data set for this test: a file with a label per line, images of one black pixel.
  private struct LabelReader: DatasetReader {
    struct Failure: DatasetReaderError {
      let description: String
      let cause = ReadFailureCause.content
    }

    let kind = "text with a label per line"
    var published: [PublishedDataset] {
      [
        PublishedDataset(
          name: "labels", shape: ImageShape(channels: 1, height: 1, width: 1),
          fileNames: ["labels.txt"], advice: "write one")
      ]
    }

    func recognition(of path: String) -> Recognition {
      path.hasSuffix(".txt") && FileSystem.isFile(path)
        ? .recognized : .unknown(reason: "no name in .txt")
    }

    func load(_ path: String, _ request: DataRequest) throws(Failure) -> Dataset {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw Failure(description: "cannot read '\(path)'")
      }
      let labels = text.split(separator: "\n").compactMap { UInt8($0) }
      guard labels.count > 1 else { throw Failure(description: "'\(path)': too few labels") }
      let images = SampleSet(
        shape: published[0].shape, classes: 3,
        pixels: [UInt8](repeating: 0, count: labels.count), labels: labels)
      return Dataset(name: "labels", training: images, test: images)
    }
  }

  @Test("another reader needs nothing but its line in the list") func addedReader() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Array("0\n2\n1\n".utf8), to: "data/labels.txt")
    try directory.write(Array("0\n".utf8), to: "short.txt")
    let source = DatasetSource(
      dataDirectory: "data", program: nil, workingDirectory: directory.url.path,
      readers: [LabelReader()] + DatasetReaders.all)
    for name in [nil, "labels", "./data/labels.txt"] {
      let shape = ImageShape(channels: 1, height: 1, width: 1)
      #expect(try source.load(name, for: shape).training.labels == [0, 2, 1])
    }
    let path = directory.url.path
    #expect(
      throws: DatasetError.unreadable(
        reason: "'\(path)/short.txt': too few labels", cause: .content)
    ) { try source.load("./short.txt") }
    let error = try #require(throws: DatasetError.self) { try source.load("./data") }
    #expect(error.description.contains(": text with a label per line (no name in .txt);"))
  }

  @Test("a directory whose name is not UTF-8 is found, and printed escaped") func bytes() throws {
    let directory = try TemporaryDirectory()
    try directory.writeDataset("plain")
    let name = PathText.text(of: [0x66, 0xFC, 0x72])
    let path = Path.joined(directory.url.path, name)
    try FileSystem.rename(Path.joined(directory.url.path, "plain"), to: path)
    for given in [name, "./" + name, path] {
      let dataset = try source(in: directory.url).load(given)
      #expect(dataset.training.labels == [0, 1, 2])
      #expect(printable(dataset.name) == #"f\xFCr"#)
    }
    try FileSystem.remove(Path.joined(path, "t10k-labels-idx1-ubyte"))
    let error = try #require(throws: DatasetError.self) {
      try source(in: directory.url).load(name)
    }
    #expect("\(error)".hasSuffix(#"/f\xFCr'"#))
    try FileSystem.removeTree(path)
  }

  @Test("a run's data is found by its name and accepted by its content alone")
  func matching() throws {
    let directory = try TemporaryDirectory()
    try directory.writeDataset("data/letters")
    try directory.writeDataset("copy")
    try directory.writeDataset("other", trainingLabels: [0, 1, 10])
    let source = source(in: directory.url, data: "data")
    let identity = try source.load("letters").identity
    #expect(identity.name == "letters")
    #expect(try source.load(matching: identity, from: nil).identity == identity)
    #expect(try source.load(matching: identity, from: "copy").identity == identity)

    let other = try source.load("other").identity
    let error = #expect(throws: DatasetError.self) {
      try source.load(matching: identity, from: "other")
    }
    #expect(
      error?.description
        == "data set 'other' is not the one that the run was trained on: classes: 11, expected 10; "
        + "SHA-256 of the training set: \(other.trainingSHA256), "
        + "expected \(identity.trainingSHA256); "
        + "name the right one with --data")

    var changed = identity
    changed.shape.height = 3
    changed.trainingCount = 4
    changed.testCount = 5
    changed.testSHA256 = "0"
    #expect(
      identity.differences(from: changed) == [
        "sample shape: 1 x 2 x 2, expected 1 x 3 x 2", "training samples: 3, expected 4",
        "test samples: 2, expected 5",
        "SHA-256 of the test set: \(identity.testSHA256), expected 0",
      ])

    // What was recorded comes first, and only its content decides.
    let copy = directory.url.appendingPathComponent("copy").path
    try directory.writeDataset("wrong", trainingLabels: [0, 1, 10])
    try directory.write([], to: "empty/notes")
    let wrong = directory.url.appendingPathComponent("wrong").path
    let empty = directory.url.appendingPathComponent("empty").path
    for recorded in [[copy], [wrong, empty, "/nowhere", copy], [copy, wrong]] {
      let found = try source.load(matching: identity, from: nil, recorded: recorded)
      #expect(found.place == copy && found.identity == identity)
    }
    let installed = try source.load(matching: identity, from: nil, recorded: [wrong, "/nowhere"])
    #expect(installed.place == directory.url.appendingPathComponent("data/letters").path)
    #expect(try source.load(matching: identity, from: "copy", recorded: [wrong]).place == copy)
    changed = identity
    changed.trainingSHA256 = String(repeating: "0123456789abcdef", count: 4)
    let lost = #expect(throws: DatasetError.self) {
      try source.load(matching: changed, from: nil, recorded: [wrong, empty, "/nowhere"])
    }
    #expect(
      lost?.description.replacingOccurrences(of: directory.url.path, with: "R")
        == "cannot find the data of the run, 'letters' (SHA-256 of its training set: "
        + "0123456789abcdef...), looked in: 'R/wrong' (other data), 'R/empty' (no data set), "
        + "'/nowhere' (nothing), 'R/data/letters' (other data), 'R/data' (no data set); "
        + "name its directory or file with --data")
    // A pipe of that name is not waited for.
    try #require(mkfifo(directory.url.appendingPathComponent("pipe").path, 0o600) == 0)
    let pipe = directory.url.appendingPathComponent("pipe").path
    #expect(
      try source.load(matching: identity, from: nil, recorded: [pipe]).name == identity.name)

    // A name that leads elsewhere is not followed.
    changed = identity
    changed.name = "../copy"
    #expect(
      throws: DatasetError.notFound(
        name: "../copy", searched: [directory.url.appendingPathComponent("data").path],
        advice: "name a file or directory with --data, or the directory of data sets with RSO_DATA"
      )
    ) {
      try source.load(matching: changed, from: nil)
    }
  }
}
