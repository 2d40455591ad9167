import Foundation
import RSOCommands
import Testing

@Suite("Numbers for people")
struct NumbersTests {
  @Test(
    "durations grow with their units",
    arguments: [
      (nil, "-"), (.nan, "-"), (.infinity, "-"), (0, "0 s"), (59.4, "59 s"), (59.6, "1:00"),
      (245, "4:05"), (3600, "1:00:00"), (86399, "23:59:59"), (273_900, "3 d 04:05"), (-3, "0 s"),
    ] as [(Double?, String)])
  func duration(seconds: Double?, text: String) {
    #expect(Numbers.duration(seconds) == text)
  }

  @Test(
    "ordinals have the ending that they are read with",
    arguments: [
      (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
      (21, "21st"), (102, "102nd"), (111, "111th"), (1000, "1,000th"),
    ])
  func ordinal(number: Int, text: String) {
    #expect(Numbers.ordinal(number) == text)
  }

  @Test(
    "a loss has four decimals, and significant digits where they would say nothing",
    arguments: [
      (nil, "-"), (0, "0.0000"), (0.001, "0.0010"), (0.25184, "0.2518"), (-3, "-3.0000"),
      (999_999, "999999.0000"), (1.2345e-7, "1.235e-07"), (-0.0004, "-4.000e-04"),
      (1e6, "1.000e+06"), (1.7e308, "1.700e+308"), (.nan, "nan"), (.infinity, "inf"),
    ] as [(Double?, String)])
  func loss(loss: Double?, text: String) {
    #expect(Numbers.loss(loss) == text)
  }

  @Test(
    "thousands are set apart",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (11824, "11,824"), (-1_234_567, "-1,234,567"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(number: Int, text: String) {
    #expect(Numbers.grouped(number) == text)
  }

  @Test(
    "memory is in decimal units",
    arguments: [
      (0, "0 bytes"), (1, "1 byte"), (1_000, "1 kB"), (640_400, "640 kB"), (999_600, "1 MB"),
      (48_600_000, "49 MB"), (999_000_000, "999 MB"), (2_612_000_000, "2.61 GB"),
    ])
  func bytes(count: Int, text: String) {
    #expect(Numbers.bytes(count) == text)
  }

  @Test(
    "rates keep about three digits",
    arguments: [(0.524, "0.52"), (24.06, "24.1"), (1812.4, "1,812")])
  func rate(perSecond: Double, text: String) {
    #expect(Numbers.rate(perSecond) == text)
  }
}

@Suite("Tables")
struct TableTests {
  @Test("columns are as wide as they must be, without trailing spaces")
  func widths() {
    var table = Table(columns: [.left("layer"), .right("n"), .left("note")], indent: 2)
    table.add(["conv10", "7", ""])
    table.add(["fc", "1,200", "x"])
    #expect(
      table.description == """
          layer       n  note
          conv10      7
          fc      1,200  x
        """)
  }
}

@Suite("Tables of what files say")
struct ForeignTableTests {
  @Test("escape control characters")
  func controls() {
    var table = Table(columns: [.left("name"), .right("n")])
    table.add(["x\u{1B}[31mred\n", "1"])
    #expect(table.lines.last == #"x\x1B[31mred\n  1"#)
  }
}

@Suite("The progress line")
struct ProgressLineTests {
  private let line = ProgressLine(
    cycle: 3, cycles: 50, layer: "conv3", done: 1203, total: 2336, stepsPerSecond: 812.3,
    changed: 0.617, loss: 0.41238, restOfCycle: 83, restOfRun: 45296)

  @Test("says all it knows where there is room")
  func wide() {
    #expect(
      line.text(width: 200)
        == "cycle 3/50  conv3 1,203/2,336  812 steps/s  changed 0.62  loss 0.4124  "
        + "cycle ends in 1:23  run ends in 12:34:56")
  }

  @Test("never exceeds the terminal, and keeps the cycle longest", arguments: 0...140)
  func narrow(width: Int) {
    let text = line.text(width: width)
    #expect(text.count <= width)
    #expect(text.hasPrefix(String("cycle 3/50".prefix(width))))
  }

  @Test("leaves out what is not known yet")
  func unknown() {
    let line = ProgressLine(cycle: 1, cycles: 2, layer: "fc", done: 0, total: 160)
    #expect(line.text(width: 80) == "cycle 1/2  fc 0/160")
  }
}

@Suite("The estimate of the time left")
struct ProgressEstimateTests {
  private func estimate() -> ProgressEstimate {
    ProgressEstimate(costs: [10, 1], steps: [100, 20], order: [1, 0])
  }

  @Test("knows nothing before anything was timed")
  func nothing() {
    #expect(estimate().restOfCycle(layer: 1, done: 0) == nil)
    #expect(estimate().restOfRun(from: 0) == nil)
  }

  @Test("puts layers that were not timed yet at their cost")
  func costs() throws {
    var estimate = estimate()
    estimate.observe(layer: 1, count: 10, seconds: 1)
    // 10 steps at 0.1 s, then 100 steps at ten times that.
    #expect(abs(try #require(estimate.restOfCycle(layer: 1, done: 10)) - 101) < 1e-9)
  }

  @Test("says nothing as long as only a layer that costs next to nothing was timed")
  func cheapLayer() throws {
    var estimate = ProgressEstimate(costs: [1000, 1], steps: [100, 20], order: [1, 0])
    estimate.observe(layer: 1, count: 10, seconds: 1)
    #expect(estimate.restOfCycle(layer: 1, done: 10) == nil && estimate.restOfRun(from: 0) == nil)
    #expect(estimate.stepsPerSecond(layer: 1) == 10)
    estimate.observe(layer: 0, count: 100, seconds: 5)
    #expect(abs(try #require(estimate.restOfRun(from: 0)) - 7) < 1e-9)
  }

  @Test("puts layers that were timed at their own speed")
  func timed() throws {
    var estimate = estimate()
    estimate.observe(layer: 1, count: 20, seconds: 2)
    estimate.observe(layer: 0, count: 100, seconds: 5)
    #expect(abs(try #require(estimate.restOfRun(from: 0)) - 7) < 1e-9)
    #expect(abs(try #require(estimate.restOfCycle(layer: 0, done: 60)) - 2) < 1e-9)
  }

  @Test("counts what it takes to begin with the layers to come")
  func beginnings() throws {
    var estimate = estimate()
    estimate.observe(layer: 1, count: 20, seconds: 2)
    estimate.observe(layer: 0, count: 100, seconds: 5)
    estimate.observeBeginning(layer: 0, seconds: 3)
    estimate.observeBeginning(layer: 1, seconds: 30)
    #expect(abs(try #require(estimate.restOfRun(from: 0)) - 40) < 1e-9)
    #expect(abs(try #require(estimate.restOfCycle(layer: 1, done: 10)) - 9) < 1e-9)
    #expect(abs(try #require(estimate.restOfCycle(layer: 0, done: 60)) - 2) < 1e-9)
  }

  @Test("knows that later cycles have larger minibatches, and how many cycles there are")
  func growingMinibatches() throws {
    var estimate = ProgressEstimate(
      costs: [10, 1], steps: [100, 20], order: [1, 0], cycles: 3
    ) { _, cycle in cycle < 1 ? 50 : 100 }
    estimate.observe(layer: 1, count: 20, seconds: 2)
    estimate.observe(layer: 0, count: 100, seconds: 5)
    #expect(abs(try #require(estimate.restOfRun(from: 2)) - 14) < 1e-9)
    #expect(abs(try #require(estimate.restOfRun(from: 1)) - 28) < 1e-9)
    #expect(abs(try #require(estimate.restOfCycle(layer: 0, done: 60, cycle: 1)) - 4) < 1e-9)
    #expect(abs(try #require(estimate.stepsPerSecond(layer: 0, cycle: 2)) - 10) < 1e-9)
    #expect(estimate.restOfRun(from: 3) == 0)
    estimate.observe(layer: 0, cycle: 2, count: 1000, seconds: 200)
    #expect(try #require(estimate.stepsPerSecond(layer: 0, cycle: 2)) < 6)
  }

  @Test("follows a machine that becomes slower")
  func slower() throws {
    var estimate = estimate()
    for _ in 0..<100 { estimate.observe(layer: 0, count: 10, seconds: 0.1) }
    #expect(abs(try #require(estimate.stepsPerSecond(layer: 0)) - 100) < 1e-6)
    for _ in 0..<1000 { estimate.observe(layer: 0, count: 1, seconds: 0.1) }
    #expect(abs(try #require(estimate.stepsPerSecond(layer: 0)) - 10) < 0.1)
  }

  @Test("ignores what took no steps or no time")
  func empty() {
    var estimate = estimate()
    estimate.observe(layer: 0, count: 0, seconds: 3)
    estimate.observe(layer: 0, count: 3, seconds: 0)
    #expect(estimate.restOfRun(from: 0) == nil)
  }
}
