import RSODatasets
import RSONumerics
import Testing

@Suite("What a data set holds")
struct DataSurveyTests {
  private static let shape = ImageShape(channels: 2, height: 1, width: 1)

  private static func set(_ features: [Float], _ targets: Targets, outputs: Int = 2) -> SampleSet {
    SampleSet(shape: shape, outputs: outputs, samples: .floats(features), targets: targets)
  }

  private static func dataset(
    _ features: [Float], _ classes: [UInt16], outputs: Int = 2, test: SampleSet? = nil
  ) -> Dataset {
    Dataset(
      name: "d", training: set(features, .classes(classes), outputs: outputs), test: test,
      outputNames: outputs == 2 ? ["blue", "red"] : [])
  }

  @Test("samples per class, and the range of each feature")
  func counts() {
    let survey = DataSurvey(
      of: Self.dataset(
        [1, -4, 3, 8, 5, 8], [0, 1, 1], test: Self.set([7, 7], .classes([1]))))
    #expect(survey.parts.map(\.name) == ["training", "test"])
    #expect(survey.parts.map(\.counts) == [[1, 2], [0, 1]])
    #expect(survey.channels.map(\.minimum) == [1, -4] && survey.channels.map(\.maximum) == [5, 8])
    #expect(survey.channels.map(\.mean) == [3, 4])
    #expect(survey.doubts == [.rareClasses(names: ["blue"])])
  }

  @Test("ranges of numbers to predict, and samples that have a label")
  func targets() {
    let numbers = Dataset(
      name: "d", training: Self.set([1, 2, 3, 4], .numbers([5, 1, 4, 2], count: 2)), test: nil)
    #expect(DataSurvey(of: numbers).parts[0].ranges == [4...5, 1...2])
    let labels = Dataset(
      name: "d", training: Self.set([1, 2, 4, 3], .labels([1, 0, 1, 1], count: 2)), test: nil)
    #expect(DataSurvey(of: labels).parts[0].counts == [2, 1])
  }

  @Test("classes without samples, and constant features")
  func rareAndConstant() {
    let survey = DataSurvey(
      of: Self.dataset([1, 0, 2, 0, 1.5, 0, 3, 0], [0, 0, 2, 2], outputs: 4))
    #expect(
      survey.doubts == [
        .emptyClasses(names: ["1", "3"]), .constant(names: ["2"], areFeatures: true),
      ])
    #expect(
      survey.doubts.map(\.description) == [
        "no training sample of classes '1', '3'",
        "the same value in all training samples: feature '2'",
      ])
  }

  @Test("numbers to predict that are constant")
  func constantTargets() {
    var dataset = Dataset(
      name: "d", training: Self.set([1, 2, 3, 4], .numbers([5, 1, 5, 2], count: 2)), test: nil)
    dataset.outputNames = ["size", "age"]
    let doubts = DataSurvey(of: dataset).doubts
    #expect(doubts == [.constantTargets(names: ["size"])])
    #expect(
      doubts.map(\.description) == [
        "the same target in all training samples: number 'size'; there is nothing to learn about it"
      ])
  }

  @Test("columns so far from 0 that 32-bit floats lose their digits")
  func farFromZero() {
    func doubts(_ offset: Float) -> [DataDoubt] {
      let features = [3, 1, 2, 5].flatMap { [offset + Float($0) * 100, Float($0)] }
      var dataset = Dataset(
        name: "d", training: Self.set(features, .numbers([1, 2, 4, 3], count: 1)), test: nil)
      dataset.channelNames = ["time", "size"]
      return DataSurvey(of: dataset).doubts
    }
    #expect(doubts(1_000_000).isEmpty)
    #expect(doubts(1.7e9) == [.farFromZero(names: ["time"])])
    #expect(
      doubts(1.7e9).first?.description.hasPrefix(
        "the value of 'time' is so far from 0 that 32-bit floats lose digits: ") == true)
  }

  @Test("a feature that counts the rows")
  func rowNumbers() {
    let features = (0..<12).flatMap { [Float($0), Float($0 * 7 % 5)] }
    var dataset = Self.dataset(features, (0..<12).map { UInt16($0 % 2) })
    dataset.channelNames = ["id", "size"]
    #expect(DataSurvey(of: dataset).doubts == [.rowNumbers(name: "id")])
  }

  @Test("samples that training and test share, and those that training repeats")
  func duplicates() {
    let survey = DataSurvey(
      of: Self.dataset(
        [1, 2, 3, 4, 1, 2, 1, 2, 5, 6], [0, 1, 0, 1, 1],
        test: Self.set([9, 9, 3, 4, 1, 2], .classes([0, 0, 0]))))
    #expect(
      survey.doubts == [
        .repeated(count: 2, conflicts: 1),
        .shared(set: "test", count: 2, index: 1, training: 1),
      ])
    #expect(
      survey.doubts.map(\.description) == [
        "2 training samples repeat earlier ones, 1 of them with another target",
        "2 test samples are also in the training set; the first is test sample 1, equal to training "
          + "sample 1",
      ])
  }

  @Test("bytes are compared whole, whatever the number of samples")
  func manyBytes() {
    let shape = ImageShape(channels: 1, height: 32, width: 32)
    // More than one block of digests; sample 4,000 equals sample 7.
    var pixels: [UInt8] = []
    for index in 0..<5000 {
      pixels += [UInt8(index & 255), UInt8(index >> 8)] + [UInt8](repeating: 9, count: 1022)
    }
    for offset in 0..<1024 { pixels[4000 * 1024 + offset] = pixels[7 * 1024 + offset] }
    let set = SampleSet(
      shape: shape, classes: 2, pixels: pixels, labels: (0..<5000).map { UInt8($0 % 2) })
    let survey = DataSurvey(of: Dataset(name: "d", training: set, test: nil))
    #expect(survey.doubts == [.repeated(count: 1, conflicts: 1)])
  }
}
