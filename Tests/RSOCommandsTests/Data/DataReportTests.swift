import RSOCommands
import RSODatasets
import RSONumerics
import Testing

@Suite("The report of rso data")
struct DataReportTests {
  private static func dataset() -> Dataset {
    let shape = ImageShape(channels: 2, height: 1, width: 1)
    func set(_ features: [Float], _ classes: [UInt16]) -> SampleSet {
      SampleSet(shape: shape, outputs: 2, samples: .floats(features), targets: .classes(classes))
    }
    var dataset = Dataset(
      name: "t.csv", training: set([1, 2, 3, 2, 5, 2], [0, 1, 1]), test: set([3, 2], [1]),
      outputNames: ["blue", "red"], place: "/data/t.csv")
    dataset.kind = "tables in CSV or TSV files"
    dataset.channelNames = ["width", "height"]
    dataset.remarks = ["the label is column 3 ('kind'); choose another with --label"]
    return dataset
  }

  @Test("sets, classes, features and likely problems as text")
  func text() {
    let dataset = Self.dataset()
    let report = DataReport(DataSurvey(of: dataset))
    #expect(
      report.text(.plain) == """
        data    t.csv
        place   /data/t.csv
        kind    tables in CSV or TSV files
        task    classification, 2 classes
        sample  2 features, 32-bit floats

        set       samples  SHA-256
        training        3  \(dataset.training.sha256)
        test            1  \(dataset.test?.sha256 ?? "")

        class  training  test
        blue          1     0
        red           2     1

        feature  minimum  maximum    mean  deviation
        width     1.0000   5.0000  3.0000     1.6330
        height    2.0000   2.0000  2.0000          0

        the label is column 3 ('kind'); choose another with --label

        ! only 1 training sample of class 'blue'
        ! the same value in all training samples: feature 'height'
        ! 1 test sample is also in the training set; the first is test sample 0, equal to training \
        sample 1

        """)
  }

  @Test("the same as JSON")
  func json() throws {
    let dataset = Self.dataset()
    let json = try DataReport(DataSurvey(of: dataset)).json()
    let test = try #require(dataset.test)
    #expect(
      json == """
        {"arrays":[],"channels":[{"deviation":1.632993161855452,"maximum":5,"mean":3,"minimum":1,"name":"width"},\
        {"deviation":0,"maximum":2,"mean":2,"minimum":2,"name":"height"}],"data":"t.csv","doubts":[\
        {"kind":"rare_classes","text":"only 1 training sample of class 'blue'"},\
        {"kind":"constant","text":"the same value in all training samples: feature 'height'"},\
        {"kind":"shared_samples","text":"1 test sample is also in the training set; the first is test \
        sample 0, equal to training sample 1"}],"elements":"floats",\
        "kind":"tables in CSV or TSV files","outputs":[{"index":0,"name":"blue","test":0,"training":1},\
        {"index":1,"name":"red","test":1,"training":2}],"place":"/data/t.csv",\
        "remarks":["the label is column 3 ('kind'); choose another with --label"],"sets":[\
        {"name":"training","samples":3,"sha256":"\(dataset.training.sha256)"},\
        {"name":"test","samples":1,"sha256":"\(test.sha256)"}],"shape":[2,1,1],\
        "task":"classification"}

        """)
  }

  @Test("the arrays of files are listed, with the file where there are two")
  func arrays() throws {
    var dataset = Self.dataset()
    dataset.arrays = [
      ListedArray(name: "x", type: "float32", shape: [3, 2], use: .inputs),
      ListedArray(name: "note", type: "text", shape: []),
    ]
    let text = DataReport(DataSurvey(of: dataset)).text(.plain)
    #expect(
      text.contains(
        """

        array  type     shape   taken as
        x      float32  3 x 2   inputs
        note   text     scalar  not used

        """))
    dataset.arrays.append(
      ListedArray(name: "x", type: "float32", shape: [1, 2], file: "t.npz", use: .testInputs))
    let report = DataReport(DataSurvey(of: dataset))
    #expect(report.text(.plain).contains("\nt.npz  x      float32  1 x 2   test inputs\n"))
    #expect(
      try report.json().contains(
        """
        "arrays":[{"name":"x","shape":[3,2],"type":"float32","use":"inputs"},\
        {"name":"note","shape":[],"type":"text"},\
        {"file":"t.npz","name":"x","shape":[1,2],"type":"float32","use":"test inputs"}]
        """))
  }

  @Test("long tables are cut, and say so")
  func long() {
    let shape = ImageShape(channels: 50, height: 1, width: 1)
    let samples = (0..<100).map { Float($0 * 7 % 13) }
    let dataset = Dataset(
      name: "d",
      training: SampleSet(
        shape: shape, outputs: 1, samples: .floats(samples), targets: .numbers([1, 2], count: 1)),
      test: nil)
    let text = DataReport(DataSurvey(of: dataset)).text(.plain)
    #expect(text.contains("task    regression, 1 number per sample\n"))
    #expect(text.contains("number  minimum  maximum\n0        1.0000   2.0000\n"))
    #expect(text.contains("\n... and 10 more; --json lists all\n"))
    #expect(text.hasSuffix("\nno problems found\n"))
  }

  @Test("arrays that are not used are not said to be without problems")
  func unusedArrays() {
    var dataset = Dataset(
      name: "d.h5",
      training: SampleSet(
        shape: ImageShape(channels: 1, height: 1, width: 1), outputs: 1,
        samples: .floats([0, 7, 2]),
        targets: .numbers([1, 2, 5], count: 1)),
      test: nil)
    dataset.arrays = [ListedArray(name: "x", type: "float32", shape: [3, 1], use: .inputs)]
    #expect(DataReport(DataSurvey(of: dataset)).text(.plain).hasSuffix("\nno problems found\n"))
    dataset.arrays.append(ListedArray(name: "broken", type: "unreadable", shape: []))
    #expect(
      DataReport(DataSurvey(of: dataset)).text(.plain).hasSuffix(
        "\nno problems found in the arrays that are used\n"))
  }

  @Test("a picture has bars for the classes of each set, and a histogram for each feature")
  func plot() {
    let survey = DataSurvey(of: Self.dataset())
    let panels = DataPlot.panels(survey)
    #expect(panels.map(\.title) == ["Samples per class", "width", "height"])
    #expect(panels[0].series.map(\.name) == ["training", "test"])
    #expect(panels[0].series[0].points.map(\.y) == [1, 2])
    #expect(panels[0].names == ["blue", "red"])
    let svg = SVGPlot(panels, title: DataPlot.title(survey)).text
    #expect(svg.contains(">blue</text>") && svg.contains("<rect class=\"bar c1\""))
    #expect(panels[1].series[0].points.reduce(0) { $0 + $1.y } == 3)
  }

  @Test("ten classes have ten marks, long names fewer; pictures have their pixels")
  func plotOfPictures() {
    func svg(_ names: [String]) -> (titles: [String], text: String) {
      var dataset = Dataset(
        name: "digits",
        training: SampleSet(
          shape: ImageShape(channels: 1, height: 2, width: 2), outputs: 10,
          samples: .bytes(Array(repeating: 7, count: 40)), targets: .classes(Array(0..<10))),
        test: nil)
      dataset.outputNames = names
      let panels = DataPlot.panels(DataSurvey(of: dataset))
      return (panels.map(\.title), SVGPlot(panels, title: "").text)
    }
    let short = svg((0..<10).map { "c\($0)" })
    #expect(short.titles == ["Samples per class", "Values of the pixels"])
    #expect((0..<10).allSatisfy { short.text.contains(">c\($0)</text>") })
    let long = svg((0..<10).map { "long name \($0)" }).text
    #expect(long.contains(">long name 2</text>") && !long.contains(">long name 3</text>"))
  }
}
