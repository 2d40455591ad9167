import RSOCommands
import RSOSystem
import Testing

@Suite("Reports: one list of columns, three renderings")
struct ReportTests {
  private struct Row {
    var name: String
    var steps: Int
    var loss: Double?
    var times: [Double] = []
  }

  private let report = Report(
    [
      Row(name: "conv1", steps: 11_824, loss: 0.5, times: [1, 2.5]),
      Row(name: "a, \"b\"", steps: 7),
    ],
    columns: [
      Column("layer", "layer", align: .left, \.name),
      Column("steps", "steps", as: .grouped, \.steps),
      Column("loss.mean", "loss", unit: "nats", as: .fixed(2), \.loss),
      Column("loss.best", \.loss),
      Column("half", "share", \.steps) { "\($0.steps / 2) of \($0.steps)" },
      Column("times", in: [.csv, .json], \.times),
      Column("note", "", align: .left, in: [.table]) { $0.loss == nil ? "! none" : "" },
    ])

  @Test("a table has a heading with its unit, and a row for each row")
  func table() {
    #expect(
      report.table().description == """
        layer    steps  loss (nats)          share
        conv1   11,824         0.50  5912 of 11824
        a, "b"       7            -         3 of 7  ! none
        """)
  }

  @Test("CSV has a line of keys, plain numbers, and quotes where they are needed")
  func csv() {
    #expect(
      report.csv == """
        layer,steps,loss_mean,loss_best,half,times
        conv1,11824,0.5,0.5,11824,1.0 2.5
        "a, ""b""\",7,,,7,

        """)
  }

  @Test("in CSV a byte of a path that is not UTF-8 is its escape, as in JSON")
  func bytes() {
    var csv = CSVText(["path"])
    csv.add([PathText.text(of: Array("a,f".utf8) + [0xFC] + Array("r".utf8))])
    csv.add(["ü\t"])
    #expect(csv.text == "path\n\"a,f\\xFCr\"\nü\t\n")
  }

  @Test("JSON nests keys with a dot, and leaves out what is missing")
  func json() throws {
    #expect(
      try JSONText.encode(report.json) == """
        [{"half":11824,"layer":"conv1","loss":{"best":0.5,"mean":0.5},"steps":11824,\
        "times":[1,2.5]},{"half":7,"layer":"a, \\"b\\"","steps":7,"times":[]}]

        """)
  }

  @Test("a column can be used for rows that have a part of its kind")
  func part() {
    let column = Column<Row>("steps", "steps", as: .grouped, \.steps).of { (pair: [Row]) in pair[0]
    }
    let pairs = Report([report.rows], columns: [column])
    #expect(pairs.table().description == " steps\n11,824" && pairs.csv == "steps\n11824\n")
  }

  @Test("numbers that JSON lacks are strings")
  func notFinite() throws {
    #expect(
      try JSONText.encode([Double.nan, .infinity, -.infinity]) == #"["nan","inf","-inf"]"# + "\n")
  }

  @Test(
    "a style decides how a table shows a value",
    arguments: [
      (.plain, .integer(1234), "1234"), (.grouped, .integer(1234), "1,234"),
      (.percent, .number(0.97421), "97.42 %"), (.fixed(3), .number(2), "2.000"),
      (.value, .number(3.1e-5), "3.1e-05"), (.duration, .number(245), "4:05"),
      (.value, .missing, "-"), (.plain, .flag(true), "yes"), (.plain, .flag(false), "no"),
      (.plain, .natural(.max), "18446744073709551615"), (.plain, .text("x"), "x"),
      (.grouped, .list([.integer(1000), .integer(2)]), "1,000 2"),
    ] as [(Numbers.Style, ReportValue, String)])
  func styles(style: Numbers.Style, value: ReportValue, text: String) {
    #expect(style.text(of: value) == text)
  }
}
