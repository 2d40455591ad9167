import Foundation
import RSODatasets
import TestSupport
import Testing

@Suite struct CIFARReaderTests {
  /// The archive of `CIFAR.files`, each member made by `member`, batches in the wrong order.
  private func archive(
    in folder: String = "cifar-10-batches-bin/", _ member: (String, [UInt8]) -> [UInt8]
  ) -> [UInt8] {
    let directory = Tar.header(folder, size: 0, kind: "5")
    let files = CIFAR.files.reversed().flatMap { member(folder + $0.name, $0.bytes) }
    return directory + files + Tar.end
  }

  private func check(_ dataset: Dataset) {
    #expect(dataset.training.shape.description == "3 x 32 x 32")
    #expect(dataset.training.labels == [3, 0, 9])
    #expect(dataset.training.pixels == (0..<3).flatMap(CIFAR.pixels))
    #expect(dataset.test?.labels == [1, 2])
    #expect(dataset.test?.pixels == (3..<5).flatMap(CIFAR.pixels))
    #expect(dataset.training.outputs == 10)
    #expect(dataset.test?.outputs == 10)
  }

  @Test("a directory, its published subdirectory, and archives of every kind hold the same")
  func forms() throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in CIFAR.files {
      try directory.write(bytes, to: "plain/\(name)")
      try directory.write(bytes, to: "around/cifar-10-batches-bin/\(name)")
    }
    try directory.write(Array(CIFAR.names.utf8), to: "plain/batches.meta.txt")
    let ustar = archive { Tar.member($0, $1) }
    let deep = String(repeating: "deep/", count: 30)
    // A name too long for its field, in each of the ways to say so.
    let archives: [(String, [UInt8])] = [
      ("ustar.tar", ustar), ("ustar.tar.gz", Gzip.stored(ustar)),
      ("v7.tar.gz", Gzip.stored(archive { Tar.member($0, $1, style: .v7) })),
      ("gnu.tar.gz", Gzip.stored(archive { Tar.member($0, $1, style: .gnu) })),
      ("prefix.tar", archive(in: "") { Tar.member($0, $1, prefix: "some/where") }),
      (
        "pax.tar.gz",
        Gzip.stored(
          Tar.member("g", Tar.record("comment", "nothing"), kind: "g")
            + archive(in: deep) { path, bytes in
              Tar.member("x", Tar.record("path", path), kind: "x")
                + Tar.member(String(path.prefix(100)), bytes)
            })
      ),
      (
        "pax-size.tar",
        archive { path, bytes in
          Tar.member("x", Tar.record("size", "\(bytes.count)"), kind: "x")
            + Tar.header(path, size: 0) + Tar.padded(bytes)
        }
      ),
      (
        "gnu-long.tar",
        archive(in: deep) { path, bytes in
          Tar.member("././@LongLink", Array(path.utf8) + [0], kind: "L", style: .gnu)
            + Tar.member(String(path.prefix(100)), bytes, style: .gnu)
        }
      ),
      (
        "binary-size.tar",
        archive { path, bytes in
          Tar.header(path, size: 0, sizeField: Tar.binary(bytes.count)) + Tar.padded(bytes)
        }
      ),
      (
        "others.tar",
        Tar.member("notes.html", [1, 2, 3]) + Tar.header("link", size: 0, kind: "2")
          + Tar.header("device", size: 7, kind: "3") + Tar.member("._data_batch_1.bin", [9])
          + Tar.member("data_batch_007.bin", [9]) + Tar.member("unknown", [5], kind: "Z")
          + archive { Tar.member($0, $1) }
      ),
      ("no-end.tar", Array(ustar.dropLast(1024))),
      ("much-padding.tar", ustar + [UInt8](repeating: 0, count: 9000)),
    ]
    for (name, bytes) in archives { try directory.write(bytes, to: name) }
    try directory.write(Gzip.stored(ustar), to: "holder/cifar-10-binary.tar.gz")
    for name in ["plain", "around", "holder"] + archives.map(\.0) {
      let path = directory.url.appendingPathComponent(name).path
      #expect(CIFARReader().recognition(of: path) == .recognized, "\(name)")
      let dataset = try CIFARReader().load(path, DataRequest())
      check(dataset)
      #expect(dataset.name == name, "too small to be the published data")
    }
  }

  @Test(
    "tar of the system makes archives that are read", arguments: ["v7", "ustar", "gnu", "posix"])
  func systemTar(format: String) throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in CIFAR.files {
      try directory.write(bytes, to: "cifar-10-batches-bin/\(name)")
    }
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/bin/tar")
    tar.currentDirectoryURL = directory.url
    tar.arguments = ["--format", format, "-czf", "a.tar.gz", "cifar-10-batches-bin"]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    check(
      try CIFARReader().load(directory.url.appendingPathComponent("a.tar.gz").path, DataRequest()))
  }

  @Test("what has the published names and sizes is cifar10; other names are kept")
  func name() throws {
    let directory = try TemporaryDirectory()
    let batch = CIFAR.records([UInt8](repeating: 4, count: 10_000))
    for number in 1...5 { try directory.write(batch, to: "cifar10/data_batch_\(number).bin") }
    try directory.write(batch, to: "cifar10/test_batch.bin")
    let published = directory.url.appendingPathComponent("cifar10")
    let dataset = try CIFARReader().load(published.path, DataRequest())
    #expect(dataset.name == "cifar10")
    #expect(dataset.training.count == 50_000)
    // Recompressed pictures of the same form, say.
    let other = directory.url.appendingPathComponent("recompressed")
    try FileManager.default.moveItem(at: published, to: other)
    #expect(try CIFARReader().load(other.path, DataRequest()).name == "recompressed")
    try FileManager.default.createDirectory(at: published, withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      at: other, to: published.appendingPathComponent("cifar-10-batches-bin"))
    #expect(try CIFARReader().load(published.path, DataRequest()).name == "cifar10")
    try FileManager.default.removeItem(
      at: published.appendingPathComponent("cifar-10-batches-bin/data_batch_5.bin"))
    let four = try CIFARReader().load(
      published.appendingPathComponent("cifar-10-batches-bin").path, DataRequest())
    #expect(four.name == "cifar-10-batches-bin")
    #expect(four.training.count == 40_000)
  }

  @Test("training batches that are not there are named")
  func missingBatches() throws {
    let directory = try TemporaryDirectory()
    for name in ["data_batch_1", "data_batch_2", "data_batch_3", "test_batch"] {
      try directory.write(CIFAR.records([1]), to: "c/\(name).bin")
    }
    #expect(
      try CIFARReader().load(directory("c"), DataRequest()).remarks == [
        "'data_batch_4.bin', 'data_batch_5.bin' are not there; CIFAR-10 has 5 training batches"
      ])
    for number in 4...5 {
      try directory.write(CIFAR.records([1]), to: "c/data_batch_\(number).bin")
    }
    #expect(try CIFARReader().load(directory("c"), DataRequest()).remarks == [])
  }

  @Test("each channel is normalised by its own mean and deviation")
  func normalization() throws {
    let directory = try TemporaryDirectory()
    var record: [UInt8] = [0]
    // Red alternates between 0 and 255, green is 51, blue is a quarter 255.
    record += (0..<1024).map { $0 % 2 == 0 ? 0 : 255 }
    record += [UInt8](repeating: 51, count: 1024)
    record += (0..<1024).map { $0 % 4 == 0 ? 255 : 0 }
    for name in ["data_batch_1.bin", "test_batch.bin"] {
      try directory.write(record, to: "set/\(name)")
    }
    let dataset = try CIFARReader().load(
      directory.url.appendingPathComponent("set").path, DataRequest())
    let normalization = Normalization(of: dataset.training)
    #expect(normalization.mean == [0.5, 0.2, 0.25])
    let expected = [0.5, 0, 0.1875.squareRoot()]
    for (found, wanted) in zip(normalization.standardDeviation, expected) {
      #expect(abs(found - wanted) < 1e-15)
    }
    let values = normalization.values()
    #expect([values[0], values[255]] == [-1, 1])
    #expect(values[256 + 51] == 0)
  }

  @Test("classes are counted in batches.meta.txt, wherever it stands")
  func classes() throws {
    let directory = try TemporaryDirectory()
    let labels: [(String, [UInt8])] = [
      ("data_batch_1.bin", CIFAR.records([0, 11])), ("test_batch.bin", CIFAR.records([2])),
    ]
    let meta = Array((1...12).map { "class \($0)\r\n" }.joined().utf8)
    let files = labels + [("batches.meta.txt", meta)]
    try directory.write(files.flatMap { Tar.member($0, $1) } + Tar.end, to: "a.tar")
    let dataset = try CIFARReader().load(
      directory.url.appendingPathComponent("a.tar").path, DataRequest())
    #expect(dataset.training.outputs == 12)
    #expect(dataset.test?.outputs == 12)
  }

  /// A directory's file or an archive, and what is said about it after its path.
  struct Malformed: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: [(String, [UInt8])]
    var message: String

    init(_ name: String, _ files: [(String, [UInt8])], _ message: String) {
      testDescription = name
      self.files = files
      self.message = message
    }

    /// The archive itself.
    init(_ name: String, archive bytes: [UInt8], _ message: String) {
      self.init(name, [("", bytes)], "cannot read 'P': " + message)
    }
  }

  private static let versions =
    "; the binary version has it, the Python and Matlab versions do not"
  private static let one = CIFAR.records([1])
  private static let test = ("test_batch.bin", one)

  static let directories: [Malformed] = [
    Malformed(
      "no test images", [("data_batch_1.bin", one)],
      "cannot find 'test_batch.bin' in 'P'" + versions),
    Malformed("no training images", [test], "cannot find 'data_batch_1.bin' in 'P'" + versions),
    Malformed(
      "a batch is missing", [("data_batch_1.bin", one), ("data_batch_3.bin", one), test],
      "cannot find 'data_batch_2.bin' in 'P'" + versions),
    Malformed(
      "an empty batch", [("data_batch_1.bin", []), test],
      "cannot read 'P/data_batch_1.bin': its 0 bytes are not one or more records of 3073"),
    Malformed(
      "a byte is missing", [("data_batch_1.bin", one + one.dropLast()), test],
      "cannot read 'P/data_batch_1.bin': its 6145 bytes are not one or more records of 3073"),
    Malformed(
      "a byte too many", [("data_batch_1.bin", one), ("test_batch.bin", one + [0])],
      "cannot read 'P/test_batch.bin': its 3074 bytes are not one or more records of 3073"),
    Malformed(
      "a label that is no class", [("data_batch_1.bin", one + CIFAR.records([10])), test],
      "cannot use 'P/data_batch_1.bin': label 1 is 10, there are classes 0 to 9"),
    Malformed(
      "a test label that is no class",
      [("data_batch_1.bin", one), ("test_batch.bin", CIFAR.records([255]))],
      "cannot use 'P/test_batch.bin': label 0 is 255, there are classes 0 to 9"),
    Malformed(
      "a label that has no name",
      [
        ("batches.meta.txt", Array("a\nb\nc\n".utf8)), ("data_batch_1.bin", one),
        ("test_batch.bin", CIFAR.records([3])),
      ], "cannot use 'P/test_batch.bin': label 0 is 3, there are classes 0 to 2"),
    Malformed(
      "no names", [("batches.meta.txt", Array(" \n\n".utf8)), ("data_batch_1.bin", one), test],
      "cannot read 'P/batches.meta.txt': it names 0 classes, not 2 to 256"),
    Malformed(
      "too many names",
      [("batches.meta.txt", Array(String(repeating: "x\n", count: 257).utf8)), test],
      "cannot read 'P/batches.meta.txt': it names 257 classes, not 2 to 256"),
    Malformed(
      "more than the limit",
      [("data_batch_1.bin", one), ("data_batch_2.bin", one + one + one + one), test],
      "cannot read 'P': the files of the data set have more than 16000 bytes"),
  ]

  private static let good =
    Tar.member("data_batch_1.bin", one) + Tar.member("test_batch.bin", one) + Tar.end
  private static let early = "tar archive ends early"

  static let archives: [Malformed] = [
    Malformed("an empty file", archive: [], "not a tar archive"),
    Malformed("a short text", archive: Array("no archive".utf8), "not a tar archive"),
    Malformed("a long text", archive: Array(repeating: 65, count: 5000), "not a tar archive"),
    Malformed("zeros alone", archive: Tar.end, "not a tar archive"),
    Malformed("records, not in an archive", archive: one, "not a tar archive"),
    Malformed("an empty gzip file", archive: Gzip.stored([]), "not a tar archive"),
    Malformed("cut in a header", archive: Array(good.prefix(4096 + 100)), early),
    Malformed("cut in the content", archive: Array(good.prefix(2000)), early),
    Malformed("cut in the padding", archive: Array(good.prefix(512 + 3073 + 5)), early),
    Malformed("cut in the content, gzip", archive: Gzip.stored(Array(good.prefix(2000))), early),
    Malformed(
      "a changed header", archive: good.replacing(at: 4096 + 3, with: 65),
      "damaged tar header at byte 4096"),
    Malformed(
      "a changed pixel, gzip", archive: Gzip.stored(good).replacing(at: 600, with: 1),
      "gzip data is corrupt: incorrect data check"),
    Malformed(
      "a changed end, gzip",
      archive: Gzip.stored(good + Tar.end).replacing(at: good.count + 300, with: 1),
      "gzip data is corrupt: incorrect data check"),
    Malformed("gzip, cut", archive: Gzip.stored(good).dropLast(9), "gzip data ends early"),
    Malformed(
      "a size that is no number",
      archive: Tar.header("data_batch_1.bin", size: 0, sizeField: Array("12x4".utf8)) + Tar.end,
      "damaged tar header at byte 0"),
    Malformed(
      "a negative size",
      archive: Tar.header("a", size: 0, sizeField: [UInt8](repeating: 255, count: 12)) + Tar.end,
      "damaged tar header at byte 0"),
    Malformed(
      "a size beyond 64 bits",
      archive: Tar.header("a", size: 0, sizeField: [0x80] + [UInt8](repeating: 255, count: 11))
        + Tar.end,
      "damaged tar header at byte 0"),
    Malformed(
      "a size beyond the limit", archive: Tar.header("data_batch_1.bin", size: 1 << 32) + Tar.end,
      "tar archive holds more than 16000 bytes"),
    Malformed(
      "the largest size of 64 bits",
      archive: Tar.header(
        "a", size: 0, sizeField: [0x80, 0, 0, 0, 0, 0x7f] + [UInt8](repeating: 255, count: 6))
        + Tar.end, "tar archive holds more than 16000 bytes"),
    Malformed(
      "more than the limit in all",
      archive: good.dropLast(1024) + Tar.member("x", Array(repeating: 7, count: 9000)),
      "tar archive holds more than 16000 bytes"),
    Malformed(
      "padding beyond the limit", archive: good + [UInt8](repeating: 0, count: 20_000),
      "tar archive holds more than 16000 bytes"),
    Malformed(
      "content that is not there", archive: Tar.header("data_batch_1.bin", size: 3073) + [1, 2, 3],
      early),
    Malformed(
      "a batch twice", archive: good.dropLast(1024) + good,
      "tar archive holds 'data_batch_1.bin' twice"),
    Malformed(
      "a batch in two directories",
      archive: Tar.member("a/test_batch.bin", one) + Tar.member("b/test_batch.bin", one) + Tar.end,
      "tar archive holds 'test_batch.bin' twice"),
    Malformed(
      "pax records without a length",
      archive: Tar.member("x", Array("path=a\n".utf8), kind: "x") + good,
      "damaged tar header at byte 512"),
    Malformed(
      "pax records longer than they are",
      archive: Tar.member("x", Array("99 path=a\n".utf8), kind: "x") + good,
      "damaged tar header at byte 512"
    ),
    Malformed(
      "a pax record without an end",
      archive: Tar.member("x", Array("10 path=ab".utf8), kind: "x") + good,
      "damaged tar header at byte 512"),
    Malformed(
      "a pax record of no length",
      archive: Tar.member("x", Array("0 path=ab\n".utf8), kind: "x") + good,
      "damaged tar header at byte 512"),
    Malformed(
      "a negative pax size", archive: Tar.member("x", Tar.record("size", "-1"), kind: "x") + good,
      "damaged tar header at byte 512"),
    Malformed(
      "a pax size beyond the limit",
      archive: Tar.member("x", Tar.record("size", "9223372036854775807"), kind: "x") + good,
      "tar archive holds more than 16000 bytes"),
    Malformed(
      "a long name of megabytes", archive: Tar.header("L", size: 70_000, kind: "L") + good,
      "tar archive holds more than 16000 bytes"),
  ]

  @Test("a malformed directory is refused with its reason", arguments: directories)
  func malformedDirectory(_ row: Malformed) throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in row.files { try directory.write(bytes, to: "set/\(name)") }
    try refuse(row, directory.url.appendingPathComponent("set"))
  }

  @Test("a malformed archive is refused with its reason", arguments: archives)
  func malformedArchive(_ row: Malformed) throws {
    let directory = try TemporaryDirectory()
    try refuse(row, try directory.write(row.files[0].1, to: "set.tar.gz"))
  }

  private func refuse(_ row: Malformed, _ url: URL) throws {
    let error = #expect(throws: CIFARError.self) {
      try CIFARReader(limit: 16_000).load(url.path, DataRequest())
    }
    let message = error?.description.replacingOccurrences(of: url.path, with: "P")
    #expect(message == row.message)
  }

  @Test("what an archive cannot hold is refused before memory is taken for it")
  func memory() throws {
    let directory = try TemporaryDirectory()
    let header = Tar.header("data_batch_1.bin", size: 3073 << 18)
    for bytes in [header, Gzip.stored(header)] {
      let file = try directory.write(bytes, to: "a.tar")
      #expect(throws: CIFARError.archive(.malformed(path: file.path, .endsEarly))) {
        try CIFARReader().load(file.path, DataRequest())
      }
    }
    // Inflated to its end it would be a gigabyte, and then tell that its trailer is missing.
    let bomb = Gzip.bomb(after: Self.good, repeats: 4_200_000)
    let file = try directory.write(bomb, to: "bomb.tar.gz")
    #expect(throws: CIFARError.archive(.malformed(path: file.path, .tooLarge(limit: 1 << 20)))) {
      try CIFARReader(limit: 1 << 20).load(file.path, DataRequest())
    }
  }
}
