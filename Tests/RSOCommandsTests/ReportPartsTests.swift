import RSOCheckpoints
import RSOCommands
import RSONetworks
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("Parts of rso report")
struct ReportPartsTests {
  // MARK: Commands

  private func commands(_ change: (inout Checkpoint) -> Void) throws -> TrainingCommands {
    var start = try SmallRun.checkpoint()
    change(&start)
    return try TrainingCommands(start)
  }

  @Test("the command has the network, the data and how they are read, and all options that matter")
  func command() throws {
    let commands = try commands { start in
      start.provenance.dataPlace = DataPlace(path: "/data/my set/x.csv", runDirectory: "/runs/a")
      start.provenance.dataRequest.label = "it's"
      start.provenance.dataRequest.validation = .share(0.1)
      start.plan.options.hold = 4
      start.plan.options.deviationScale = 1.5
    }
    #expect(
      commands.lines == [
        "rso train --arch architecture.json --data '/data/my set/x.csv' '--label=it'\\''s' "
          + "--validation=0.1 --cycles=2 --batch-size=6 --hold=4 --deviation-scale=1.5 --seed 7 -o runs/again"
      ])
    let file = try #require(commands.architecture)
    #expect(file.name == "architecture.json" && file.text.hasPrefix("{\n"))
    #expect(commands.remarks == ["architecture.json is the network below"])
  }

  @Test("a network that has a name is named, and an extended run has two commands")
  func named() throws {
    let preset = try Architecture.preset(named: "cifar-depth3")
    let named = try commands { $0.plan.architecture = preset }
    #expect(named.lines[0].hasPrefix("rso train --preset cifar-depth3 --data small"))
    #expect(named.architecture == nil)
    let extended = try commands { start in
      start.plan.options.cycles = 9
      start.plan.options.annealCycles = 4
    }
    #expect(extended.lines[0].contains(" --cycles=4 "))
    #expect(extended.lines[1] == "rso resume runs/again --cycles 9 --extend keep")
  }

  // MARK: Weights

  @Test("the distributions of now and of the beginning have common bins")
  func distribution() throws {
    let found = try #require(
      WeightDistribution(layer: "a", now: [-1, 0, 0.99, 3, .nan], beginning: [0, 0, 1]))
    #expect(found.minimum == -1 && found.maximum == 3)
    #expect(found.now.count == 40 && found.now.reduce(0, +) == 4)
    #expect([0, 10, 19, 39].map { found.now[$0] } == [1, 1, 1, 1])
    #expect(found.beginning?[10] == 2 && found.beginning?[20] == 1)
    #expect(WeightDistribution(layer: "a", now: [.infinity, .nan]) == nil)
    let constant = try #require(WeightDistribution(layer: "a", now: [2, 2]))
    #expect((constant.minimum...constant.maximum).contains(2))
    #expect(constant.now.reduce(0, +) == 2)
  }

  @Test("quantiles are interpolated, and ends are exact whatever is left out")
  func quantiles() {
    #expect(WeightsByCycle.quantiles([3, 1, .nan, 2, 5, 4]) == [1, 1.2, 2, 3, 4, 4.8, 5])
    #expect(WeightsByCycle.quantiles([7]) == WeightsByCycle.shares.map { _ in 7 })
    #expect(WeightsByCycle.quantiles([.nan, .infinity]).allSatisfy { $0.isNaN })
    var many = (0..<200_001).map { Float($0) / 200_000 }
    many[1] = -3
    many[2] = 9
    let found = WeightsByCycle.quantiles(many[...])
    #expect(found.first == -3 && found.last == 9)
    for (share, quantile) in zip(WeightsByCycle.shares, found).dropFirst().dropLast() {
      #expect(abs(share - quantile) < 1e-3)
    }
  }

  @Test("checkpoints are evenly spread, from the first to the last one")
  func spread() {
    let all = Array(1...100)
    #expect(WeightsByCycle.spread(all, count: 4) == [1, 34, 67, 100])
    #expect(WeightsByCycle.spread(all, count: 100) == all)
    #expect(WeightsByCycle.spread([4, 9], count: 5) == [4, 9])
    #expect(WeightsByCycle.spread(all, count: 1) == [51])
    #expect(WeightsByCycle.spread(all, count: 0) == [])
  }

  @Test("the weights of earlier cycles are those of this run's checkpoints; others are counted")
  func weightsByCycle() throws {
    let directory = try TemporaryDirectory()
    let ends = try SmallRun.boundaries(SmallRun.plan { $0.cycles = 6 }).filter(\.isCycleEnd)
    let paths = RunPaths(directory: directory("run"))
    func write(_ checkpoint: Checkpoint, _ path: String) throws {
      try directory.write(try CheckpointWriter.encode(checkpoint), to: path)
    }
    for cycle in 1...4 { try write(ends[cycle], "run/ckpt-00000\(cycle).h5") }
    var other = ends[5]
    other.provenance.runID = String(repeating: "9", count: 32)
    try write(other, "run/ckpt-000005.h5")
    try write(ends[6], "run/last.h5")
    let run = try ReportedRun(
      name: "run", found: FoundCheckpoint(paths.last), isInProgress: false)
    let pool = WorkerPool(threads: 2)
    let all = WeightsByCycle(run, states: 24, pool: pool)
    #expect(all.cycles == [0, 1, 2, 3, 4, 6] && all.finished == 6)
    #expect(all.notRead == 0 && all.unusable == 1)
    #expect(
      all.remark == "Weights after cycles 0 to 4, 6; 1 checkpoint is damaged or of another branch.")
    let layout = try StageGraph(SmallRun.architecture).layout
    #expect(all.layers.map(\.name) == layout.layers.map(\.name))
    for (layer, found) in zip(layout.layers, all.layers) {
      let range = try #require(layer.tensor(.weight)).range
      let known = all.cycles.map { WeightsByCycle.quantiles(ends[$0].state.parameters[range]) }
      #expect(found.quantiles == known)
    }
    let few = WeightsByCycle(run, states: 4, pool: pool)
    #expect(few.cycles == [0, 1, 6] && few.notRead == 3 && few.unusable == 1)
    #expect(few.remark.hasPrefix("Weights after cycles 0 to 1, 6; 3 other checkpoints were not "))
  }

  @Test("filters are squares with a gap, white for 0, blue below and orange above")
  func filters() throws {
    let sheet = try #require(
      FilterSheet(name: "conv1", values: [0, -2, 2, 1, 0, 0, 0, 0], shape: [2, 1, 2, 2]))
    #expect(sheet.arrangement == .squares && sheet.image.width == 5 && sheet.image.height == 2)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let start = (y * 5 + x) * 4
      return Array(sheet.image.pixels[start..<(start + 4)])
    }
    #expect(pixel(0, 0) == [247, 247, 245, 255] && pixel(3, 1) == pixel(0, 0))
    #expect(pixel(1, 0) == [5, 62, 122, 255] && pixel(0, 1) == [140, 50, 4, 255])
    #expect(pixel(2, 0) == [0, 0, 0, 0])
    #expect(
      sheet.caption == "conv1: 2 filters of 2 x 2 weights, from -2.0000 (blue) to 2.0000 (orange)")
  }

  @Test(
    "filters on colours, on many channels and on features have arrangements of their own",
    arguments: [
      ([4, 3, 5, 5], FilterSheet.Arrangement.colors, 23, 5),
      ([4, 16, 3, 3], .channels, 63, 15), ([4, 13, 1, 1], .matrix, 13, 4),
    ] as [([Int], FilterSheet.Arrangement, Int, Int)])
  func arrangements(
    shape: [Int], arrangement: FilterSheet.Arrangement, width: Int, height: Int
  ) throws {
    let values = (0..<shape.reduce(1, *)).map { Float($0 % 5) - 2 }
    let sheet = try #require(FilterSheet(name: "a", values: values, shape: shape))
    #expect(sheet.arrangement == arrangement)
    #expect(sheet.image.width == width && sheet.image.height == height)
  }

  @Test("weights that are no picture have none")
  func noFilters() {
    #expect(FilterSheet(name: "a", values: [1], shape: [1, 1, 1]) == nil)
    #expect(FilterSheet(name: "a", values: [], shape: [0, 1, 1, 1]) == nil)
    #expect(
      FilterSheet(name: "a", values: Array(repeating: 0, count: 100), shape: [1, 1, 100, 1]) == nil)
    let broken = FilterSheet(name: "a", values: [.nan, .infinity, 0, 0], shape: [1, 1, 2, 2])
    #expect(broken?.image.pixels.prefix(4) == [0, 0, 0, 0])
  }

  // MARK: Options

  @Test(
    "an option's effect is the mean over all runs with the value, whatever their other options are")
  func effects() throws {
    let end = try #require(SmallRun.boundaries().last)
    func run(_ options: [String: SweepValue]) throws -> ReportedRun {
      let stored = try CheckpointReader.load(try CheckpointWriter.encode(end), path: "a.h5")
      var run = try ReportedRun(
        name: "\(options.count)", found: FoundCheckpoint(path: "a.h5", stored: stored),
        isInProgress: false)
      run.cellOptions = options
      return run
    }
    let runs = [
      try run(["hold": .text("1"), "fixed": .text("x")]),
      try run(["hold": .text("2"), "fixed": .text("x")]),
      try run(["hold": .text("2"), "fixed": .text("x")]),
    ]
    var figures: ArraySlice<Double> = [9, 9, 9, 0.5, 0.6, 0.8]
    let effects = OptionEffect.all(runs) { _ in figures.popFirst() }
    #expect(effects.map(\.runs) == [1, 2])
    #expect(effects.map(\.option) == ["hold", "hold"] && effects.map(\.value) == ["1", "2"])
    #expect(effects[0].figure.mean == 0.5)
    #expect(abs(effects[1].figure.mean - 0.7) < 1e-12)
  }
}
