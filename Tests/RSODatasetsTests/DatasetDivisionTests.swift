import RSODatasets
import RSONumerics
import Testing

@Suite struct DatasetDivisionTests {
  /// 100 samples of one byte, the index; classes 0, 1, 2 in shares of 70, 27 and 3.
  private func dataset(targets: Targets? = nil) -> Dataset {
    let classes = (0..<100).map { UInt16($0 < 3 ? 2 : $0 % 10 < 7 ? 0 : 1) }
    return Dataset(
      name: "x",
      training: SampleSet(
        shape: ImageShape(channels: 1, height: 1, width: 1), outputs: 3,
        samples: .bytes((0..<100).map { UInt8($0) }), targets: targets ?? .classes(classes)),
      test: nil)
  }

  private func request(_ change: (inout DataRequest) -> Void) -> DataRequest {
    var request = DataRequest()
    change(&request)
    return request
  }

  private func indices(_ set: SampleSet?) -> [UInt8] {
    guard case .bytes(let bytes)? = set?.samples else { return [] }
    return bytes
  }

  private func counts(_ set: SampleSet?) -> [Int] {
    (0..<3).map { label in set?.labels.count { $0 == label } ?? 0 }
  }

  @Test("each class keeps its share, every sample is in one part, and the order stays")
  func shares() throws {
    let whole = counts(dataset().training)
    let data = try DatasetDivision.divide(
      dataset(),
      request {
        $0.test = .share(0.2)
        $0.validation = .count(10)
      })
    #expect(data.test?.count == 20)
    #expect(data.validation?.count == 10)
    #expect(data.training.count == 70)
    let parts = [data.training, data.validation, data.test]
    for part in parts {
      #expect(indices(part) == indices(part).sorted())
      for (label, count) in counts(part).enumerated() {
        let share = Double(whole[label]) * Double(part?.count ?? 0) / 100
        #expect(abs(Double(count) - share) < 2, "class \(label): \(count), expected \(share)")
      }
    }
    #expect(parts.flatMap(indices).sorted() == (0..<100).map { UInt8($0) })
    // The samples carry their classes with them.
    for part in parts {
      #expect(part?.labels == indices(part).map { $0 < 3 ? 2 : $0 % 10 < 7 ? 0 : 1 })
    }
  }

  @Test("the parts are a function of the seed")
  func seed() throws {
    let first = try DatasetDivision.divide(dataset(), request { $0.test = .share(0.3) })
    let again = try DatasetDivision.divide(
      dataset(),
      request {
        $0.test = .share(0.3)
        $0.seed = 0
      })
    let other = try DatasetDivision.divide(
      dataset(),
      request {
        $0.test = .share(0.3)
        $0.seed = 1
      })
    #expect(indices(first.test) == indices(again.test))
    #expect(indices(first.test) != indices(other.test))
    // Written down, because a run that is resumed later must draw the same.
    #expect(indices(first.test) == Self.drawn)
  }

  private static let drawn: [UInt8] = [
    1, 3, 4, 8, 12, 15, 16, 17, 19, 20, 25, 29, 33, 34, 36, 37, 45, 46, 53, 57, 61, 63, 67, 77, 80,
    82, 84, 89, 92, 96,
  ]

  @Test("validation and test samples are drawn independently")
  func purposes() throws {
    let test = try DatasetDivision.divide(dataset(), request { $0.test = .count(20) })
    let validation = try DatasetDivision.divide(dataset(), request { $0.validation = .count(20) })
    #expect(indices(test.test) != indices(validation.validation))
  }

  @Test("a class is never taken whole")
  func rareClass() throws {
    let data = try DatasetDivision.divide(dataset(), request { $0.test = .count(97) })
    #expect(counts(data.training) == [1, 1, 1])
    #expect(throws: AssemblyError.partTooLarge(part: "test", count: 98, available: 97)) {
      try DatasetDivision.divide(dataset(), request { $0.test = .count(98) })
    }
  }

  @Test("other tasks have one stratum")
  func numbers() throws {
    let targets = Targets.numbers((0..<100).map(Float.init), count: 1)
    let data = try DatasetDivision.divide(
      dataset(targets: targets), request { $0.validation = .share(0.25) })
    #expect(data.validation?.count == 25)
    #expect(
      data.validation?.targets == .numbers(indices(data.validation).map(Float.init), count: 1))
  }

  @Test("a part of one's own is kept, left out or refused")
  func ownParts() throws {
    var data = dataset()
    data.test = data.training
    #expect(try DatasetDivision.divide(data, DataRequest()).test?.count == 100)
    #expect(
      try DatasetDivision.divide(data, request { $0.test = DataRequest.Part.none }).test == nil)
    #expect(throws: AssemblyError.hasPart(part: "test", option: "test")) {
      try DatasetDivision.divide(data, request { $0.test = .count(1) })
    }
  }
}
