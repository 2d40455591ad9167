import RSONumerics

/// The contents of a data set, and likely mistakes in it.
package struct DataSurvey: Sendable {
  /// One set of samples.
  package struct Part: Sendable, Equatable {
    /// `training`, `validation` or `test`.
    package var name: String
    package var count: Int
    package var sha256: String
    /// The number of samples of each class, or to which each label applies; empty for regression.
    package var counts: [Int]
    /// The range of each number to predict; empty for other tasks.
    package var ranges: [ClosedRange<Float>]
  }

  package let dataset: Dataset
  package let parts: [Part]
  package let channels: [ChannelSummary]
  package let doubts: [DataDoubt]

  package init(of dataset: Dataset) {
    self.dataset = dataset
    let sets = Self.sets(of: dataset)
    parts = sets.map { Self.part($0.set, named: $0.name) }
    let normalization = Normalization(of: dataset.training)
    channels = ChannelSummary.all(of: dataset.training, normalization)
    doubts = Self.doubts(dataset, sets, parts[0], channels)
  }

  /// The name of an output: its class, label or number.
  package static func outputName(_ index: Int, of dataset: Dataset) -> String {
    dataset.outputNames.indices.contains(index) ? dataset.outputNames[index] : "\(index)"
  }

  /// The name of a channel or feature: its own, otherwise its number counted from 1.
  package static func channelName(_ index: Int, of dataset: Dataset) -> String {
    dataset.channelNames.indices.contains(index) && !dataset.channelNames[index].isEmpty
      ? dataset.channelNames[index] : "\(index + 1)"
  }

  private static func sets(of dataset: Dataset) -> [(name: String, set: SampleSet)] {
    [("training", dataset.training)]
      + (dataset.validation.map { [("validation", $0)] } ?? [])
      + (dataset.test.map { [("test", $0)] } ?? [])
  }

  private static func part(_ set: SampleSet, named name: String) -> Part {
    var counts = [Int](repeating: 0, count: set.outputs)
    var ranges: [ClosedRange<Float>] = []
    switch set.targets {
    case .classes(let classes):
      for label in classes { counts[Int(label)] += 1 }
    case .labels(let labels, let count):
      for (index, label) in labels.enumerated() where label == 1 { counts[index % count] += 1 }
    case .numbers(let numbers, let count):
      counts = []
      ranges = (0..<min(count, numbers.count)).map { column in
        let values = stride(from: column, to: numbers.count, by: count).map { numbers[$0] }
        return (values.min() ?? 0)...(values.max() ?? 0)
      }
    }
    return Part(
      name: name, count: set.count, sha256: set.sha256, counts: counts, ranges: ranges)
  }

  // MARK: Doubts

  private static func doubts(
    _ dataset: Dataset, _ sets: [(name: String, set: SampleSet)], _ training: Part,
    _ channels: [ChannelSummary]
  ) -> [DataDoubt] {
    var doubts = dataset.doubts
    func names(_ indices: [Int]) -> [String] { indices.map { outputName($0, of: dataset) } }
    let rare = training.counts.indices.filter { training.counts[$0] == 1 }
    if !rare.isEmpty { doubts.append(.rareClasses(names: names(rare))) }
    let empty = training.counts.indices.filter { training.counts[$0] == 0 }
    if !empty.isEmpty { doubts.append(.emptyClasses(names: names(empty))) }
    let far =
      channels.indices.filter { isFarFromZero(channels[$0].range) }.map {
        channelName($0, of: dataset)
      } + names(training.ranges.indices.filter { isFarFromZero(training.ranges[$0]) })
    if !far.isEmpty { doubts.append(.farFromZero(names: far)) }
    let constant = channels.indices.filter { channels[$0].isConstant }
    if !constant.isEmpty {
      doubts.append(
        .constant(
          names: constant.map { channelName($0, of: dataset) },
          areFeatures: dataset.training.shape.area == 1))
    }
    let same = training.ranges.indices.filter {
      training.ranges[$0].lowerBound == training.ranges[$0].upperBound
    }
    if !same.isEmpty { doubts.append(.constantTargets(names: names(same))) }
    for index in channels.indices where channels[index].countsRows {
      doubts.append(.rowNumbers(name: channelName(index, of: dataset)))
    }
    return doubts + duplicates(sets)
  }

  /// True where 32-bit floats have steps of an eighth and more, and fewer than about a thousand of them in the range.
  private static func isFarFromZero(_ range: ClosedRange<Float>) -> Bool {
    let size = max(abs(range.lowerBound), abs(range.upperBound))
    return size >= 0x1p20 && range.upperBound - range.lowerBound < size * 0x1p-13
  }

  private static func duplicates(_ sets: [(name: String, set: SampleSet)]) -> [DataDoubt] {
    var doubts: [DataDoubt] = []
    let training = sets[0].set
    var places: [SampleDigests.Digest: Int] = [:]
    places.reserveCapacity(training.count)
    var (repeats, conflicts) = (0, 0)
    for (index, digest) in SampleDigests(training).digests.enumerated() {
      if let first = places[digest] {
        repeats += 1
        if training.targets[first..<(first + 1)] != training.targets[index..<(index + 1)] {
          conflicts += 1
        }
      } else {
        places[digest] = index
      }
    }
    if repeats > 0 { doubts.append(.repeated(count: repeats, conflicts: conflicts)) }
    for (name, set) in sets.dropFirst() {
      let shared = SampleDigests(set).digests.enumerated().compactMap { index, digest in
        places[digest].map { (index, $0) }
      }
      if let first = shared.first {
        doubts.append(
          .shared(set: name, count: shared.count, index: first.0, training: first.1))
      }
    }
    return doubts
  }
}
