import RSODatasets
import RSONumerics
import TestSupport
import Testing

@Suite("Sparse samples in svmlight's text form")
struct SVMLightReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func load(
    _ text: String, limit: Int = 1 << 24, _ request: (inout DataRequest) -> Void = { _ in }
  ) throws -> Dataset {
    try directory.write(text.utf8, to: "a.svm")
    var asked = DataRequest()
    request(&asked)
    return try SVMLightReader(limit: limit).load(directory("a.svm"), asked)
  }

  @Test("features that a line leaves out are 0, and integers are classes")
  func classes() throws {
    let dataset = try load("# made by hand\n+1 1:0.5 3:2 # first\n\n-1\tqid:7  2:-1.5e1 \r\n+1\n")
    #expect(dataset.training.shape == ImageShape(channels: 3, height: 1, width: 1))
    #expect(dataset.training.samples == .floats([0.5, 0, 2, 0, -15, 0, 0, 0, 0]))
    #expect(dataset.training.targets == .classes([1, 0, 1]))
    #expect(dataset.outputNames == ["-1", "1"] && dataset.name == "a.svm")
    #expect(dataset.request.countsFromZero == false)
  }

  @Test(
    "scikit-learn's files are read, with numbers from 0 or from 1, and with several labels",
    arguments: ["zero", "one", "sets"])
  func scikitLearn(name: String) throws {
    let path = Fixtures.url("datasets/svmlight/\(name).svm").path
    #expect(SVMLightReader().recognition(of: path) == .recognized)
    let dataset = try SVMLightReader().load(path, DataRequest())
    let many = (0..<54).map { Float((31 * $0 + 7) % 251) }
    #expect(dataset.training.samples == .floats(many.map { $0 > 100 ? $0 / 8 : 0 }))
    #expect(dataset.request.countsFromZero == (name != "one"))
    let labels = (0..<9).map { $0 % 3 }
    if name == "sets" {
      let flags = labels.flatMap { label in
        (0..<3).map { UInt8($0 == label || $0 == 2 - label ? 1 : 0) }
      }
      #expect(dataset.training.targets == .labels(flags, count: 3))
    } else {
      #expect(dataset.training.targets == .classes(labels.map(UInt16.init)))
    }
  }

  @Test("numbers with a fraction are predicted, and integers too if it is asked for")
  func regression() throws {
    #expect(try load("1.5 1:1\n2 1:2\n").training.targets == .numbers([1.5, 2], count: 1))
    let asked = try load("1 1:1\n2 1:2\n") { $0.task = .regression }
    #expect(asked.training.targets == .numbers([1, 2], count: 1))
  }

  @Test("lines with several labels or none are multi-label, with the labels as names")
  func multiLabel() throws {
    let dataset = try load("4,1 1:1\n1:2\n9 2:1\n")
    #expect(dataset.training.targets == .labels([1, 1, 0, 0, 0, 0, 0, 0, 1], count: 3))
    #expect(dataset.outputNames == ["1", "4", "9"])
  }

  @Test("training and test data have the features of both")
  func testData() throws {
    try directory.write(Gzip.stored(Array("2 4:1\n".utf8)), to: "t.svm.gz")
    let dataset = try load("1 1:1\n2 2:1\n") { $0.testData = directory("t.svm.gz") }
    #expect(dataset.training.samples == .floats([1, 0, 0, 0, 0, 1, 0, 0]))
    #expect(dataset.test?.samples == .floats([0, 0, 0, 1]))
    #expect(dataset.test?.targets == .classes([1]))
  }

  @Test("further samples have the width and the first number of the training data")
  func samples() throws {
    try directory.write("0 2:5\n".utf8, to: "new")
    for (countsFromZero, expected) in [(true, [0, 0, 5, 0]), (false, [0, 5, 0, 0])] {
      var request = DataRequest()
      (request.features, request.countsFromZero) = (4, countsFromZero)
      let (shape, samples) = try SVMLightReader().samples(at: directory("new"), request)
      #expect(shape.channels == 4 && samples == .floats(expected.map(Float.init)))
    }
    try directory.write("0 0:5\n".utf8, to: "new")
    var request = DataRequest()
    request.countsFromZero = false
    #expect(throws: SVMLightError.countsFromZero(path: directory("new"))) {
      try SVMLightReader().samples(at: directory("new"), request)
    }
  }

  @Test("what the reader finds is part of how the data were read")
  func source() throws {
    try directory.write("0 0:1\n1 1:1\n0 0:2\n1 1:3\n".utf8, to: "a.svm")
    let source = DatasetSource(
      dataDirectory: nil, program: nil, workingDirectory: directory.path)
    var request = DataRequest()
    request.test = .count(2)
    let dataset = try source.load("a.svm", request: request)
    #expect(dataset.kind == SVMLightReader().kind)
    #expect(dataset.request.countsFromZero == true && dataset.request.test == .count(2))
    #expect(dataset.training.count == 2 && dataset.test?.count == 2)
  }

  @Test(
    "a file is recognised by its first line",
    arguments: [
      ("+1 1:0.5\n", true), ("# x\n1.5 qid:1 1:2", true), ("1,2 1:1\n", true), ("1\n2 1:1\n", true),
      ("1 2:1\noops\n", true), ("1 50000000:1\n2 1:1\n", true), ("1 1:nan\n2 1:1\n", true),
      ("# x\n1 -1:1\n", true), ("1,2 3:1 1:2\n", true), ("1 12:30:00\n", false),
      ("1 2 3\n", false), ("1,2\n3,4\n", false), ("10:30 4:1\n", false),
      ("a 1:1\n", false), ("", false), ("1\n2\n", false), ("<a 1:1>\n", false),
    ])
  func recognition(text: String, isKnown: Bool) throws {
    try directory.write(text.utf8, to: "a.txt")
    #expect((SVMLightReader().recognition(of: directory("a.txt")) == .recognized) == isKnown)
  }

  @Test("a file whose first line is long is recognised")
  func longLine() throws {
    let line = "1" + (1...20_000).map { " \($0):0.5" }.joined()
    try directory.write((line + "\n" + line + "\n").utf8, to: "a.txt")
    #expect(SVMLightReader().recognition(of: directory("a.txt")) == .recognized)
  }

  @Test(
    "faults are named with their line",
    arguments: [
      ("x 1:1\n", "line 1 begins with 'x', not with a number or several with commas between them"),
      (
        "1, 1:1\n", "line 1 begins with '1,', not with a number or several with commas between them"
      ),
      ("1 1:1\n2 a:1\n", "line 2 has 'a:1', expected a feature as NUMBER:VALUE, such as 17:0.5"),
      ("1 1:\n", "line 1 has '1:', expected a feature as NUMBER:VALUE, such as 17:0.5"),
      ("1 1:1x\n", "line 1 has '1:1x', expected a feature as NUMBER:VALUE, such as 17:0.5"),
      ("1 -1:1\n", "line 1 has '-1:1', expected a feature as NUMBER:VALUE, such as 17:0.5"),
      (
        "1 1:nan\n",
        "line 1 has '1:nan', whose value is not a finite 32-bit number; scale the feature, or remove "
          + "the line"
      ),
      (
        "1 1:1e99\n",
        "line 1 has '1:1e99', whose value is not a finite 32-bit number; scale the feature, or remove "
          + "the line"
      ),
      (
        "1 99999999999999999999:1\n",
        "line 1 has '99999999999999999999:1'; features have numbers up to 1048576"
      ),
      (
        "# one\n1 2:1 2:2\n",
        "line 2 has '2:2' behind a feature of the same or a larger number; sort the features, and leave "
          + "one of each"
      ),
    ])
  func faults(text: String, message: String) throws {
    let error = #expect(throws: SVMLightError.self) { try load(text) }
    #expect("\(try #require(error))" == "cannot use '\(directory("a.svm"))': \(message)")
  }

  @Test("files that do not fit are refused before memory is taken")
  func limits() throws {
    #expect(throws: SVMLightError.noFeatures(path: directory("a.svm"))) { try load("1\n2\n") }
    let wide = String(repeating: "1 1048576:1\n2 1:1\n", count: 8)
    #expect(
      throws: SVMLightError.tooLarge(
        path: directory("a.svm"), bytes: 16 * (4 * 1_048_576 + 8), limit: 1 << 24)
    ) { try load(wide) }
    #expect(throws: SVMLightError.notText(path: directory("a.svm"), .zeroByte)) {
      try load("1 1:1\0\n")
    }
  }

  @Test("labels of the test data occur in the training data, and the form is fixed")
  func assembly() throws {
    try directory.write("3 1:1\n".utf8, to: "t.svm")
    for text in ["1 1:1\n2 2:1\n", "1,2 1:1\n2 2:1\n"] {
      #expect(
        throws: SVMLightError.assembly(
          path: directory("a.svm"), .unknownLabel(label: "3", part: "test", index: 0))
      ) { try load(text) { $0.testData = directory("t.svm") } }
    }
    #expect(
      throws: SVMLightError.assembly(path: directory("a.svm"), .fixedForm(option: "label"))
    ) { try load("1 1:1\n2 2:1\n") { $0.label = "1" } }
  }
}
