import Foundation
import RSODatasets
import TestSupport
import Testing

@Suite struct CIFAR100ReaderTests {
  /// Records with a coarse and a fine label; the pixels are those of `CIFAR.pixels`.
  private static func records(_ labels: [(UInt8, UInt8)], first: Int = 0) -> [UInt8] {
    labels.enumerated().flatMap { index, label in
      [label.0, label.1] + CIFAR.pixels(first + index)
    }
  }

  private static let fineNames = (0..<100).map { "fine \($0)" }
  private static let coarseNames = (0..<20).map { "coarse \($0)" }

  private static let files: [(name: String, bytes: [UInt8])] = [
    ("train.bin", records([(19, 99), (0, 1)])), ("test.bin", records([(3, 50)], first: 2)),
    ("fine_label_names.txt", Array((fineNames.joined(separator: "\n") + "\n").utf8)),
    ("coarse_label_names.txt", Array((coarseNames.joined(separator: "\n") + "\n").utf8)),
  ]

  @Test("a directory and an archive hold the same; fine labels unless coarse ones are asked for")
  func forms() throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in Self.files {
      try directory.write(bytes, to: "set/cifar-100-binary/\(name)")
    }
    let tar = Self.files.flatMap { Tar.member("cifar-100-binary/\($0.name)", $0.bytes) } + Tar.end
    try directory.write(Gzip.stored(tar), to: "cifar-100-binary.tar.gz")
    let source = DatasetSource(
      dataDirectory: nil, program: nil, workingDirectory: directory.url.path)
    for path in ["./set", "./set/cifar-100-binary", "./cifar-100-binary.tar.gz", "cifar100"] {
      let fine = try source.load(path)
      #expect(fine.training.labels == [99, 1])
      #expect(fine.training.outputs == 100)
      #expect(fine.test?.labels == [50])
      #expect(fine.outputNames == Self.fineNames)
      #expect(fine.training.samples == .bytes(CIFAR.pixels(0) + CIFAR.pixels(1)))
      var request = DataRequest()
      request.labels = "coarse"
      let coarse = try source.load(path, request: request)
      #expect(coarse.training.labels == [19, 0])
      #expect(coarse.training.outputs == 20)
      #expect(coarse.outputNames == Self.coarseNames)
    }
  }

  @Test("the parts that are asked for are set aside; other options are refused")
  func options() throws {
    let directory = try TemporaryDirectory()
    let labels = (0..<40).map { (UInt8(0), UInt8($0 % 2)) }
    try directory.write(Self.records(labels), to: "set/train.bin")
    try directory.write(Self.records([(0, 0)]), to: "set/test.bin")
    let path = directory.url.appendingPathComponent("set").path
    var request = DataRequest()
    request.validation = .share(0.25)
    let source = DatasetSource(dataDirectory: nil, program: nil, workingDirectory: "/")
    let data = try source.load(path, request: request)
    #expect(data.training.count == 30)
    #expect(data.validation?.count == 10)
    request.transpose = true
    let error = #expect(throws: CIFARError.self) { try CIFAR100Reader().load(path, request) }
    #expect(
      error?.description == "cannot use '\(path)': its form is fixed; leave out --transpose")
  }

  static let malformed: [(String, String, [UInt8], String)] = [
    (
      "no multiple of a record", "train.bin", [1, 2, 3],
      "cannot read 'P/train.bin': its 3 bytes are not one or more records of 3074"
    ),
    (
      "a fine label that is no class", "train.bin", records([(0, 100)]),
      "cannot use 'P/train.bin': label 0 is 100, there are classes 0 to 99"
    ),
    (
      "too few names", "fine_label_names.txt", Array("a\nb\n".utf8),
      "cannot read 'P/fine_label_names.txt': it names 2 classes, expected 100"
    ),
  ]

  @Test("a malformed directory is refused with its reason", arguments: malformed)
  func refused(name: String, file: String, bytes: [UInt8], message: String) throws {
    let directory = try TemporaryDirectory()
    for (name, bytes) in Self.files { try directory.write(bytes, to: "set/\(name)") }
    try directory.write(bytes, to: "set/\(file)")
    let path = directory.url.appendingPathComponent("set").path
    let error = #expect(throws: CIFARError.self) { try CIFAR100Reader().load(path, DataRequest()) }
    #expect(error?.description.replacingOccurrences(of: path, with: "P") == message)
  }
}
