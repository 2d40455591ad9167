/// The reach of a change of one output channel.
enum Reach: Equatable {
  case unaffected
  /// Some channels, which follow from the searched one: the number of a map in `StepReach`. Equal maps have
  /// equal numbers. A number, since each copy of the map itself would count references.
  case part(Int)
  case full

  var isPart: Bool { if case .part = self { true } else { false } }
}

/// The reach of a change of one output channel of a stage in each stage.
///
/// Batch norm, activations and pools keep channels apart. A convolution or a linear layer spreads a change
/// to all channels; one with groups, to those of the same group. So does a sample norm, whose mean and
/// deviation are those of a group: with one group, a layer norm, it reaches all channels.
struct StepReach {
  /// The channels that change in a stage's output.
  let output: [Reach]
  /// The channels that change in the input of a stage's operation; `unaffected` in the searched stage.
  let operation: [Reach]
  /// The channels that change in the value that a stage's skip reads, counted in that value; nil without a skip.
  let skip: [Reach?]
  private let maps: [ChannelMap]
  /// The ranges of all maps, one map after the other, each by the searched stage's outputs.
  private let ranges: [Range<Int>]
  private let outputs: Int

  init(of searched: Int, _ stages: [Stage]) {
    var output = [Reach](repeating: .unaffected, count: stages.count)
    var operation = output
    var skip = [Reach?](repeating: nil, count: stages.count)
    var maps = ReachMaps()
    func reach(of source: Stage.Source) -> Reach {
      guard case .stage(let index) = source, index >= searched else { return .unaffected }
      return output[index]
    }
    outputs = stages[searched].outputShape.channels
    output[searched] = maps.number(ChannelMap(identity: outputs))
    for index in (searched + 1)..<max(searched + 1, stages.count) {
      let stage = stages[index]
      operation[index] = reach(of: stage.source)
      skip[index] = stage.skip.map(reach)
      output[index] = maps.sum(
        maps.through(stage, operation[index]), maps.shifted(skip[index], by: stage.skipOffset))
    }
    self.output = output
    self.operation = operation
    self.skip = skip
    self.maps = maps.all
    ranges = maps.all.flatMap(\.ranges)
  }

  /// The channels that a change of `output` reaches, of `count`.
  func channels(_ reach: Reach, of output: Int, among count: Int) -> Range<Int> {
    switch reach {
    case .unaffected: 0..<0
    case .part(let map): ranges[map * outputs + output]
    case .full: 0..<count
    }
  }

  /// The map of a reach that is a part.
  func map(_ reach: Reach) -> ChannelMap? {
    if case .part(let number) = reach { maps[number] } else { nil }
  }
}

/// The different maps of a step's reach.
private struct ReachMaps {
  private(set) var all: [ChannelMap] = []

  mutating func number(_ map: ChannelMap) -> Reach {
    if let found = all.firstIndex(of: map) { return .part(found) }
    all.append(map)
    return .part(all.count - 1)
  }

  /// From what a stage's operation reads to what it gives.
  mutating func through(_ stage: Stage, _ input: Reach) -> Reach {
    guard case .part(let map) = input else { return input }
    let (inputs, outputs) = (stage.inputShape.channels, stage.outputShape.channels)
    let groups: Int
    switch (stage.operation, stage.normGroups) {
    case (let operation?, _): groups = operation.groups
    case (nil, let norm?): groups = norm
    case (nil, nil): return input
    }
    return groups == 1
      ? .full : number(all[map].grouped(from: inputs / groups, to: outputs / groups))
  }

  mutating func shifted(_ skip: Reach?, by offset: Int) -> Reach {
    guard let skip else { return .unaffected }
    guard case .part(let map) = skip, offset > 0 else { return skip }
    return number(all[map].shifted(by: offset))
  }

  mutating func sum(_ a: Reach, _ b: Reach) -> Reach {
    switch (a, b) {
    case (.unaffected, let other): other
    case (let own, .unaffected): own
    case (.part(let own), .part(let other)):
      own == other ? a : number(all[own].union(all[other]))
    default: .full
    }
  }
}

/// The parts of the base sums of a step.
struct BaseReads {
  /// Stages from the searched one on.
  let stages: [Int]
  /// Stages before the searched one.
  let earlier: [Int]
  let samples: Bool

  init(stage searched: Int, _ stages: [Stage], _ reach: StepReach) {
    /// The sources that the base sum of `index` reads, without the searched channel.
    func sources(_ index: Int) -> [Stage.Source] {
      var sources: [Stage.Source] = []
      if index == searched || reach.operation[index] != .full {
        sources.append(stages[index].source)
      }
      if let source = stages[index].skip, index == searched || reach.skip[index] != .full {
        sources.append(source)
      }
      return sources
    }
    var needed = Set<Int>([searched])
    var samples = false
    var before = Set<Int>()
    for index in stages.indices.reversed() where index >= searched {
      guard reach.output[index] != .unaffected || needed.contains(index) else { continue }
      for source in sources(index) {
        switch source {
        case .samples: samples = true
        case .stage(let earlier) where earlier < searched: before.insert(earlier)
        case .stage(let other): needed.insert(other)
        }
      }
    }
    self.stages = needed.sorted()
    earlier = before.sorted()
    self.samples = samples
  }
}

/// Which stages' values of a candidate are stored from one pass to the next.
struct CandidateStorage {
  /// Stages that are stored. The others are computed again where they are read, which costs less than
  /// the memory traffic.
  let isStored: [Bool]
  /// The stage whose stored values a stage's own values overwrite: this stage alone reads them, and a
  /// block's values are read before any of it is written.
  let overwritten: [Int?]

  init(
    _ stages: [Stage], _ geometries: [KernelGeometry], _ reach: StepReach, searched: Int
  ) {
    func readers(_ index: Int) -> Int {
      stages.count(where: { $0.reads(index) })
    }
    var isStored = [Bool](repeating: false, count: stages.count)
    for index in stages.indices where index > searched && reach.output[index] == .full {
      isStored[index] = reach.operation[index] == .full || readers(index) > 1
      // Computing a 1 x 1 convolution of a few stored channels again is faster than writing and
      // reading it.
      if stages[index].operation == .convolution(kernel: 1), geometries[index].inputs <= 32,
        readers(index) == 1, case .stage(let source) = stages[index].source, isStored[source]
      {
        isStored[index] = false
      }
      // So is what the one reader of a sum, a concatenation or a sample norm computes on the way.
      if stages[index].operation == nil, !stages[index].normalized, readers(index) == 1 {
        isStored[index] = false
      }
    }
    self.isStored = isStored
    overwritten = stages.indices.map { index in
      guard isStored[index], reach.operation[index] == .full,
        geometries[index].readsBeforeWriting, case .stage(let source) = stages[index].source,
        isStored[source], readers(source) == 1, stages[index].skip != .stage(source),
        geometries[source].count == geometries[index].count
      else { return nil }
      return source
    }
  }
}
