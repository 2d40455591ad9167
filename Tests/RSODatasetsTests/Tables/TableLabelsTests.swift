import RSODatasets
import RSONumerics
import TestSupport
import Testing

@Suite("Labels in tables")
struct TableLabelsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A table with a column of these labels, and what is said about the first label that is not a number.
  struct Fault: Sendable, CustomTestStringConvertible {
    var labels: [String]
    var task: LearningTask?
    /// The line and the words after it.
    var line: Int
    var message: String

    var testDescription: String { labels.prefix(4).joined(separator: " ") }
  }

  private static let name =
    ", not a number; correct it, or use --task classification if the labels are names"
  private static let otherwise = ", or use --task classification if the labels are names"
  private static let missing =
    ", a missing value; fill in a number, or remove the line" + otherwise

  static let faults =
    ["?", "-", "NA", "n/a", "null", "None", "+nan"].flatMap { text in
      // Classes, numbers with a fraction, and more missing values than numbers.
      [["0", "1", text, "1"], ["0.5", "1.5", text], ["7", text, text, text]].map { labels in
        Fault(
          labels: labels, line: 2 + (labels.firstIndex(of: text) ?? 0),
          message: "'\(text)'" + missing)
      }
    } + [
      Fault(labels: ["500.5", "650.5€", "510"], line: 3, message: "'650.5€'" + name),
      Fault(labels: ["500.5", "x"], line: 3, message: "'x'" + name),
      Fault(
        labels: ["0.5", "1e39", "2"], line: 3,
        message: "'1e39', not a finite 32-bit number; scale the column, or remove the line"),
      Fault(
        labels: ["0.5", "-inf"], line: 3,
        message: "'-inf', not a finite 32-bit number; scale the column, or remove the line"),
      Fault(
        labels: ["500,0", "510,5"], line: 2,
        message: "'500,0'; write numbers with a decimal point" + otherwise),
      Fault(
        labels: ["500", "1,000"], line: 3,
        message: "'1,000'; write numbers with a decimal point, and without a separator of thousands"
          + otherwise),
      Fault(labels: ["red", "green"], task: .regression, line: 2, message: "'red'" + name),
      Fault(labels: ["7", "x"], task: .multiLabel, line: 3, message: "'x'" + name),
      // More different numbers than there can be classes, and than texts are kept.
      Fault(labels: (0..<1000).map { "\($0)" } + ["x"], line: 1002, message: "'x'" + name),
      Fault(labels: (0..<66_000).map { "\($0)" } + ["x"], line: 66_002, message: "'x'" + name),
    ]

  @Test("of labels that are numbers, the first other one is named", arguments: faults)
  func fault(row: Fault) throws {
    let text = "a;rent\n" + row.labels.enumerated().map { "\($0);\($1)\n" }.joined()
    let error = #expect(throws: TableError.self) {
      try directory.table(text) { $0.task = row.task }
    }
    #expect(
      "\(try #require(error))"
        == "cannot use '\(directory("t.csv"))': line \(row.line), column 2 ('rent') is \(row.message)"
    )
  }

  @Test("each of several labels is a number; the first other one is named")
  func several() throws {
    let error = #expect(throws: TableError.self) {
      try directory.table("a,b,kind\n1,0,0\n2,1,red\n") { $0.label = "b,kind" }
    }
    #expect(
      "\(try #require(error))"
        == "cannot use '\(directory("t.csv"))': line 3, column 3 ('kind') is 'red', not a number, as "
        + "each of several labels must be; correct it, or choose other columns with --label")
  }

  @Test("where the classes are known, all labels are names")
  func knownClasses() throws {
    for labels in [["1", "?"], ["1.5", "a"], ["1,5", "2,5"]] {
      let text = "a;kind\n" + labels.enumerated().map { "\($0);\($1)\n" }.joined()
      let dataset = try directory.table(text) { $0.classNames = labels + ["x"] }
      #expect(dataset.training.targets == .classes([0, 1]))
    }
  }

  @Test("the line of a fault does not depend on the parts of the table", arguments: [1, 3])
  func parts(threads: Int) throws {
    var text = "a,b,rent\n"
    // Each row takes two lines.
    for row in 0..<5000 { text += "\(row),1,\(row == 4000 || row == 4500 ? "NA" : "\(row)")\n\n" }
    try directory.write(text.utf8, to: "t.csv")
    let table = try Table(directory("t.csv"), threads: threads, partSize: 512)
    #expect(
      throws: TableError.cell(
        path: directory("t.csv"), place: "line 8002, column 3 ('rent')",
        message: " is 'NA'" + Self.missing)
    ) { try table.rawTargets() }
  }

  /// Labels that are names of classes.
  struct Names: Sendable, CustomTestStringConvertible {
    var labels: [String]
    var task: LearningTask?
    var classes: [String]
    /// The label in the doubt that all may be numbers.
    var doubt: String?

    var testDescription: String { labels.joined(separator: " ") }
  }

  @Test(
    "texts are names of classes; if most of them are numbers, this is a doubt",
    arguments: [
      Names(labels: ["red", "none", "?"], classes: ["?", "none", "red"]),
      Names(labels: ["none", "?", "NA"], classes: ["?", "NA", "none"]),
      Names(labels: ["1", "2", "3b"], classes: ["1", "2", "3b"], doubt: "3b"),
      Names(labels: ["1", "3b"], classes: ["1", "3b"], doubt: "3b"),
      Names(labels: ["1", "3b", "?"], classes: ["1", "3b", "?"]),
      Names(labels: ["1", "2", "3b"], task: .classification, classes: ["1", "2", "3b"]),
      Names(labels: ["1.5", "2.5", "x"], task: .classification, classes: ["1.5", "2.5", "x"]),
      Names(labels: ["1,4", "2"], task: .classification, classes: ["1,4", "2"]),
      Names(labels: ["1", "2", "?"], task: .classification, classes: ["1", "2", "?"]),
      Names(labels: ["1,2,3", "1,4", "2"], classes: ["1,2,3", "1,4", "2"]),
      Names(labels: ["0.5", "x", "y"], classes: ["0.5", "x", "y"]),
      Names(labels: ["18-24", "25-34"], classes: ["18-24", "25-34"]),
    ])
  func names(row: Names) throws {
    let text = "a;kind\n" + row.labels.enumerated().map { "\($0);\($1)\n" }.joined()
    let dataset = try directory.table(text) { $0.task = row.task }
    #expect(dataset.task == .classification && dataset.outputNames == row.classes)
    let doubts = DataSurvey(of: dataset).doubts.filter { $0.kind == "mixed_labels" }
    let line = 2 + (row.doubt.flatMap { row.labels.firstIndex(of: $0) } ?? 0)
    #expect(
      doubts.map(\.description)
        == (row.doubt.map {
          [
            "most labels are numbers, but line \(line), column 2 ('kind') is '\($0)', so all are taken as "
              + "names of classes; correct the cell, or confirm with --task classification"
          ]
        } ?? []))
  }

  @Test("a fault in the labels of test data names their file")
  func testData() throws {
    for (training, label, message) in [
      ("1,0.5\n2,1.5\n", "null", "'null', a missing value; fill in a number, or remove the line"),
      (
        "1,0\n2,1\n", "x",
        "'x', not a number, as the labels of the training set are; correct it, or remove the line"
      ),
    ] {
      try directory.write("1,1\n3,\(label)\n".utf8, to: "test.csv")
      let error = #expect(throws: TableError.self) {
        try directory.table(training) { $0.testData = directory("test.csv") }
      }
      #expect(
        "\(try #require(error))"
          == "cannot use '\(directory("test.csv"))': line 2, column 2 is \(message)")
    }
  }

  @Test("classes of the training set are texts in the test set too, whatever they look like")
  func testNames() throws {
    try directory.write("5,2\n6,1\n".utf8, to: "test.csv")
    let dataset = try directory.table("1,1\n2,2\n3,3b\n") { $0.testData = directory("test.csv") }
    #expect(dataset.test?.targets == .classes([1, 0]))
  }

  // MARK: Tables of labels

  @Test(
    "a name above classes in a table of labels is found by the number of rows",
    arguments: ["label", "species", "\"deep blue\""])
  func header(name: String) throws {
    try directory.write("\(name)\nred\ndeep blue sea\nred\n".utf8, to: "y.csv")
    for label in [nil, name.replacing("\"", with: ""), "1"] {
      let dataset = try directory.table("a,b\n1,2\n3,4\n5,6\n", name: "x.csv") {
        ($0.labels, $0.label) = ("y.csv", label)
      }
      #expect(dataset.outputNames == ["deep blue sea", "red"])
      #expect(dataset.training.targets == .classes([1, 0, 1]))
      #expect(
        dataset.remarks == [
          "the first line of 'y.csv' names its columns: '\(name.replacing("\"", with: ""))'"
        ])
    }
  }

  @Test("labels without a name above them have none")
  func noHeader() throws {
    try directory.write("red\ngreen\n".utf8, to: "y.csv")
    let dataset = try directory.table("a,b\n1,2\n3,4\n", name: "x.csv") { $0.labels = "y.csv" }
    #expect(dataset.outputNames == ["green", "red"] && dataset.remarks == [])
  }

  @Test(
    "another number of labels than samples names the file of labels",
    arguments: [
      ("red\ngreen\nred\n", 3), ("red\n0\n1\n2\n", 3), ("kind\nred\ngreen\nred\nred\n", 5),
      ("7.5\n", 1),
    ])
  func labelRows(text: String, rows: Int) throws {
    try directory.write(text.utf8, to: "y.csv")
    let error = #expect(throws: TableError.self) {
      try directory.table("a,b\n1,2\n3,4\n", name: "x.csv") { $0.labels = "y.csv" }
    }
    #expect(
      "\(try #require(error))"
        == "cannot use '\(directory("y.csv"))': it has \(rows) row\(rows == 1 ? "" : "s") of labels, but "
        + "'\(directory("x.csv"))' has 2 samples")
  }
}
