import RSODatasets
import RSONetworks
import RSONumerics
import RSORuns

/// A sample that a network judges wrongly.
struct WrongSample: Sendable, Equatable {
  private static let most = 12

  /// The place in its set, from 0.
  var index: Int
  var answer: String
  var prediction: String
  /// For classes, the probability of the predicted class; for several labels, the share of wrong labels; for
  /// numbers, the root of the mean squared error, in their units or for several in their deviations.
  var measure: Double
  /// nil for samples that are not pictures.
  var picture: PixelImage?
  /// The first features of samples that are not pictures.
  var features: [Double] = []

  /// The samples with the largest measure: wrong classes in which the network trusts most, the most wrong
  /// labels, or the largest errors; and the number of all wrong samples.
  static func all(
    _ report: EvaluationReport, in set: SampleSet, names: [String]
  ) -> (worst: [WrongSample], count: Int) {
    let outputs = names.count
    var found: [(index: Int, measure: Double)] = []
    switch report.targets {
    case .classes(let classes):
      let probabilities = ClassProbabilities(logits: report.outputs, classes: outputs)
      for (index, (answer, prediction)) in zip(classes, report.predictions).enumerated()
      where answer != prediction {
        found.append(
          (index, probabilities.probability(sample: index, class: Int(prediction))))
      }
    case .labels(let labels, let count):
      for index in 0..<report.samples {
        let range = (index * count)..<((index + 1) * count)
        let wrong = range.count { (labels[$0] != 0) != (report.outputs[$0] > 0) }
        if wrong > 0 { found.append((index, Double(wrong) / Double(count))) }
      }
    case .numbers:
      found = report.sampleScores.enumerated().map { ($0, $1.squareRoot()) }
    }
    found.removeAll { $0.measure.isNaN }
    let worst = found.sorted { ($1.measure, $0.index) < ($0.measure, $1.index) }.prefix(most)
    let samples = worst.map { index, measure in
      WrongSample(
        index: index, answer: answer(report.targets, index, names),
        prediction: prediction(report, index, names), measure: measure,
        picture: picture(of: index, in: set), features: features(of: index, in: set))
    }
    return (samples, found.count)
  }

  private static func answer(_ targets: Targets, _ index: Int, _ names: [String]) -> String {
    switch targets {
    case .classes(let classes): names[Int(classes[index])]
    case .labels(let labels, let count):
      list((0..<count).filter { labels[index * count + $0] != 0 }.map { names[$0] })
    case .numbers(let numbers, let count):
      numbers[(index * count)..<((index + 1) * count)].map { Numbers.value(Double($0)) }
        .joined(separator: ", ")
    }
  }

  private static func prediction(
    _ report: EvaluationReport, _ index: Int, _ names: [String]
  ) -> String {
    let row = report.outputs[(index * names.count)..<((index + 1) * names.count)]
    switch report.targets {
    case .classes: return names[Int(report.predictions[index])]
    case .labels: return list(zip(names, row).filter { $1 > 0 }.map(\.0))
    case .numbers: return row.map { Numbers.value(Double($0)) }.joined(separator: ", ")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  // MARK: Samples

  private static let mostFeatures = 8
  private static let largestSide = 256

  private static func picture(of index: Int, in set: SampleSet) -> PixelImage? {
    let shape = set.shape
    guard shape.height > 1, shape.width > 1, [1, 3].contains(shape.channels),
      max(shape.height, shape.width) <= largestSide
    else { return nil }
    let range = (index * shape.count)..<((index + 1) * shape.count)
    let levels: [UInt8]
    switch set.samples {
    case .bytes(let bytes): levels = Array(bytes[range])
    case .floats(let floats):
      let values = floats[range].map(Double.init)
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      levels = values.map { high > low ? UInt8((($0 - low) / (high - low) * 255).rounded()) : 0 }
    }
    var image = PixelImage(width: shape.width, height: shape.height)
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        let parts = (0..<shape.channels).map { levels[$0 * shape.area + y * shape.width + x] }
        image.set(x, y, (parts.count == 1 ? [parts[0], parts[0], parts[0]] : parts) + [255])
      }
    }
    return image
  }

  private static func features(of index: Int, in set: SampleSet) -> [Double] {
    guard set.shape.area == 1 else { return [] }
    let start = index * set.shape.count
    let range = start..<(start + min(set.shape.count, mostFeatures))
    switch set.samples {
    case .bytes(let bytes): return bytes[range].map(Double.init)
    case .floats(let floats): return floats[range].map(Double.init)
    }
  }
}
