import RSODatasets
import RSONumerics
import TestSupport
import Testing

@Suite("Data sets in tables")
struct TableReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("texts are classes in sorted order, and all other columns features")
  func classes() throws {
    let dataset = try directory.table("w,h,kind\n1,2,red\n3,4,blue\n5,6,red\n")
    #expect(dataset.name == "t.csv" && dataset.task == .classification)
    #expect(dataset.training.shape == ImageShape(channels: 2, height: 1, width: 1))
    #expect(dataset.training.samples == .floats([1, 2, 3, 4, 5, 6]))
    #expect(dataset.training.targets == .classes([1, 0, 1]))
    #expect(dataset.outputNames == ["blue", "red"])
    #expect(dataset.channelNames == ["w", "h"])
    #expect(dataset.test == nil && dataset.validation == nil)
    #expect(dataset.remarks == ["the label is column 3 ('kind'); choose another with --label"])
  }

  @Test("integers are classes, and numbers with a point are predicted")
  func tasks() throws {
    #expect(try directory.table("1,7\n2,9\n").training.targets == .classes([0, 1]))
    #expect(try directory.table("1,7\n2,9\n").outputNames == ["7", "9"])
    #expect(try directory.table("1,7.5\n2,9.0\n").training.targets == .numbers([7.5, 9], count: 1))
    let asked = try directory.table("1,7\n2,9\n") { $0.task = .regression }
    #expect(asked.training.targets == .numbers([7, 9], count: 1))
  }

  @Test("several label columns are several labels or numbers")
  func several() throws {
    let text = "a,b,c\n1,0,1\n2,1,1\n3,0,0\n"
    let flags = try directory.table(text) { $0.label = "b,c" }
    #expect(flags.training.targets == .labels([0, 1, 1, 1, 0, 0], count: 2))
    #expect(flags.outputNames == ["b", "c"])
    let numbers = try directory.table(text) {
      $0.label = "b,c"
      $0.task = .regression
    }
    #expect(numbers.training.targets == .numbers([0, 1, 1, 1, 0, 0], count: 2))
    #expect(numbers.outputNames == ["b", "c"])
    let one = try directory.table(text) {
      $0.label = "b"
      $0.task = .regression
    }
    #expect(one.outputNames == ["b"])
    let unnamed = try directory.table("1,0.5\n2,1.5\n") { _ in }
    #expect(unnamed.training.targets == .numbers([0.5, 1.5], count: 1))
    #expect(unnamed.outputNames.isEmpty)
  }

  @Test("the first line of scikit-learn's tables names the classes 0, 1 ...")
  func announcement() throws {
    let dataset = try directory.table("3,1,malignant,benign\n1,0\n2,1\n3,0\n")
    #expect(dataset.training.targets == .classes([0, 1, 0]))
    #expect(dataset.outputNames == ["malignant", "benign"])
  }

  @Test("labels in a second table belong to the rows of the first")
  func separateLabels() throws {
    try directory.write(Gzip.stored(Array("7.5\n9\n".utf8)), to: "y.csv.gz")
    let dataset = try directory.table("1 2\n3 4\n", name: "x.csv") {
      $0.labels = directory("y.csv.gz")
    }
    #expect(dataset.training.samples == .floats([1, 2, 3, 4]))
    #expect(dataset.training.targets == .numbers([7.5, 9], count: 1))
    #expect(dataset.remarks == [])
  }

  @Test("of a second table with labels, those that are named are the labels")
  func chosenLabels() throws {
    try directory.write("p,q,r\n7,1,x\n9,2,y\n".utf8, to: "y.csv")
    func targets(_ label: String?, _ text: String = "a,b\n1,2\n3,4\n") throws -> Targets {
      try directory.table(text, name: "x.csv") {
        ($0.labels, $0.label, $0.task) = (directory("y.csv"), label, .regression)
      }.training.targets
    }
    #expect(try targets("q") == .numbers([1, 2], count: 1))
    #expect(try targets("1") == .numbers([7, 9], count: 1))
    #expect(try targets("q,p") == .numbers([1, 7, 2, 9], count: 2))
    #expect(
      throws: TableError.noSuchColumn(
        path: directory("y.csv"), label: "zzz", there: "3 columns: p, q, r")
    ) { try targets("zzz") }
    #expect(
      throws: TableError.cell(
        path: directory("y.csv"), place: "line 2, column 3 ('r')",
        message: " is 'x', not a number, as each of several labels must be; correct it, or choose "
          + "other columns with --label")
    ) { try targets(nil) }
    let classes = try directory.table("a,b\n1,2\n3,4\n", name: "x.csv") {
      ($0.labels, $0.label) = (directory("y.csv"), "-1")
    }
    #expect(classes.outputNames == ["x", "y"] && classes.training.targets == .classes([0, 1]))
  }

  @Test("test data have the same columns, and their labels the same classes")
  func testData() throws {
    try directory.write("w,kind\n9,red\n".utf8, to: "test.csv")
    let dataset = try directory.table("w,kind\n1,blue\n2,red\n") {
      $0.testData = directory("test.csv")
    }
    #expect(dataset.test?.samples == .floats([9]) && dataset.test?.targets == .classes([1]))
    try directory.write("w,h,kind\n9,1,red\n".utf8, to: "other.csv")
    #expect(throws: TableError.otherColumns(path: directory("other.csv"), names: ["h"])) {
      try directory.table("w,kind\n1,blue\n2,red\n") { $0.testData = directory("other.csv") }
    }
    try directory.write("w,kind\n9,green\n".utf8, to: "test.csv")
    #expect(
      throws: TableError.assembly(
        path: directory("t.csv"), .unknownLabel(label: "green", part: "test", index: 0))
    ) { try directory.table("w,kind\n1,blue\n2,red\n") { $0.testData = directory("test.csv") } }
  }

  @Test("a directory with train.csv has its sets in files")
  func folder() throws {
    for (name, text) in [("train", "1,0\n2,1\n"), ("val", "3,1\n"), ("test", "4,0\n")] {
      try directory.write(text.utf8, to: "d/\(name).csv")
    }
    #expect(TableReader().recognition(of: directory("d")) == .recognized)
    let dataset = try TableReader().load(directory("d"), DataRequest())
    #expect(dataset.training.samples == .floats([1, 2]))
    #expect(dataset.validation?.samples == .floats([3]))
    #expect(dataset.test?.samples == .floats([4]))
  }

  @Test(
    "a table is recognised by its name, or by numbers in its first lines",
    arguments: [
      ("a.csv", "x", true), ("a.tsv.gz", "x", true), ("iris.data", "x", true),
      ("none", "1,2,a\n3,4,b\n", true), ("none", "<a,1>\n", false),
      ("none", "{\"a\": 1, 2}", false),
      ("none", "some words, and more\nother words, too\n", false), ("none", "1\n2\n", false),
    ])
  func recognition(name: String, text: String, isTable: Bool) throws {
    try directory.write(text.utf8, to: name)
    #expect((TableReader().recognition(of: directory(name)) == .recognized) == isTable)
  }

  /// A training table, the label that was chosen, and a table for predictions of the same features.
  struct Prediction: Sendable {
    var training: String
    var label: String?
    var table: String
  }

  @Test(
    "samples without labels are the features of the training table, however the label was chosen",
    arguments: [
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "w,h,kind\n1,2,0\n"),
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "w,h\n1,2\n"),
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "kind,h,id,w\nred,2,x7,1\n"),
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "w,h,kind\n1,2,\n"),
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "kind,h,id,w\nnan,2,,1\n"),
      Prediction(training: "w,h,kind\n1,2,0\n3,4,1\n", table: "1,2,0\n"),
      Prediction(training: "w,kind,h\n1,0,2\n3,1,4\n", label: "kind", table: "1,9,2\n"),
      Prediction(training: "y,w,h\n0,1,2\n1,3,4\n", table: "0,1,2\n"),
      Prediction(training: "1,2,0\n3,4,1\n", table: "1,2\n"),
      Prediction(training: "1,2,0\n3,4,1\n", table: "1,2,7\n"),
      Prediction(training: "1,2,0\n3,4,1\n", table: "a,b,label\n1,2,7\n"),
      Prediction(training: "0,1,2\n1,3,4\n", label: "1", table: "1,2\n"),
      Prediction(training: "0,1,2\n1,3,4\n", label: "1", table: "0,1,2\n"),
      Prediction(training: "1,2,0\n3,4,1\n", label: "-1", table: "1,2\n"),
      Prediction(training: "w,kind,h\n1,0,2\n3,1,4\n", label: "kind", table: "h,w\n2,1\n"),
      Prediction(
        training: "a,w,b,h\n0,1,1,2\n1,3,1,4\n", label: "b,a", table: "b,a,h,w\n1,0,2,1\n"),
      Prediction(training: "0,1,1,2\n1,3,1,4\n", label: "3,1", table: "9,1,9,2\n"),
    ])
  func samples(row: Prediction) throws {
    let dataset = try directory.table(row.training) { $0.label = row.label }
    try directory.write(row.table.utf8, to: "new.csv")
    var request = dataset.request
    request.features = 2
    let (shape, samples) = try TableReader().samples(at: directory("new.csv"), request)
    #expect(shape == ImageShape(channels: 2, height: 1, width: 1) && samples == .floats([1, 2]))
  }

  @Test("without the columns of the training table, the number of features tells the label")
  func samplesByCount() throws {
    var request = DataRequest()
    request.features = 2
    for (text, label) in [("1,2,0\n", nil), ("0,1,2\n", "1"), ("1,2\n", "1")] {
      try directory.write(text.utf8, to: "new.csv")
      request.label = label
      #expect(
        try TableReader().samples(at: directory("new.csv"), request).samples == .floats([1, 2]))
    }
    try directory.write("1,2,3,4\n".utf8, to: "new.csv")
    do throws(TableError) {
      _ = try TableReader().samples(at: directory("new.csv"), request)
      Issue.record("accepted")
    } catch {
      #expect(
        "\(error)"
          == "cannot use '\(directory("new.csv"))': it has 4 columns, expected 2 features as in "
          + "the training data, or these and the label")
    }
  }

  @Test("a further table with answers has its columns by name")
  func reordered() throws {
    let request = try directory.table("w,h,kind\n1,2,a\n3,4,b\n").request
    let other = try directory.table("kind,h,w\na,2,1\nb,4,3\n", name: "o.csv") { $0 = request }
    #expect(other.training.samples == .floats([1, 2, 3, 4]) && other.channelNames == ["w", "h"])
    #expect(other.training.targets == .classes([0, 1]))
    #expect(
      throws: TableError.missingColumns(
        path: directory("o.csv"), names: ["h"], there: "3 columns: w, b, kind")
    ) { try directory.table("w,b,kind\n1,2,a\n", name: "o.csv") { $0 = request } }
    #expect(throws: TableError.repeatedColumn(path: directory("o.csv"), name: "w")) {
      try directory.table("h,w,w,kind\n1,2,3,a\n", name: "o.csv") { $0 = request }
    }
  }

  @Test("test data in another order are read by name")
  func reorderedTestData() throws {
    try directory.write("h,kind,w\n8,red,9\n".utf8, to: "test.csv")
    let dataset = try directory.table("w,h,kind\n1,2,blue\n2,3,red\n") {
      $0.testData = directory("test.csv")
    }
    #expect(dataset.test?.samples == .floats([9, 8]) && dataset.test?.targets == .classes([1]))
  }

  @Test("options about height and width are told to change nothing")
  func layout() throws {
    let dataset = try directory.table("1,0\n2,1\n") {
      ($0.transpose, $0.layout, $0.label) = (true, .nhwc, "2")
    }
    #expect(
      dataset.remarks == [
        "--transpose changes nothing: a sample has neither height nor width",
        "--layout changes nothing: a sample has neither height nor width",
      ])
  }

  @Test("options for arrays are refused with advice")
  func options() throws {
    #expect(throws: TableError.notForTables(path: directory("t.csv"), option: "--inputs")) {
      try directory.table("1,0\n2,1\n") { $0.inputs = "x" }
    }
  }
}
