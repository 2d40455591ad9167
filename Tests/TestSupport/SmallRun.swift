import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch

/// A network of two layers, 33 parameters in 9 neurons, data for it, and runs of two cycles.
package enum SmallRun {
  package static let shape = ImageShape(channels: 1, height: 4, width: 4)
  package static let stepsInCycle = 33

  package static let architecture = Architecture(
    name: "small", input: shape, classes: 3,
    layers: [
      .convolution(name: "conv1", filters: 2, kernel: 3, bias: true), .batchNorm(name: nil), .relu,
      .globalPool(.average), .linear(name: "fc", outputs: 3, bias: true),
    ])

  package static let dataset = Dataset(
    name: "small", training: images(26, stream: 0), test: images(9, stream: 1))

  package static let environment = RunEnvironment(
    version: "1.0.0", instructionSet: "generic", host: "here")

  package static func images(_ count: Int, stream: Int) -> SampleSet {
    var random = RandomKey(seed: 99, purpose: .initialization).stream(stream)
    let labels = (0..<count).map { UInt8($0 % 3) }
    // Stripes one way, stripes the other way, a chessboard; and noise.
    let pixels = labels.flatMap { label in
      (0..<shape.count).map { pixel in
        let (y, x) = pixel.quotientAndRemainder(dividingBy: shape.width)
        let bright = [y, x, x + y][Int(label)] % 2 == 1
        return UInt8(random.next(below: 100) + (bright ? 120 : 0))
      }
    }
    return SampleSet(
      shape: shape, classes: 3, pixels: pixels, labels: labels,
      sha256: String(repeating: "\(stream)", count: 64))
  }

  package static func plan(
    on dataset: Dataset = dataset, _ change: (inout SearchOptions) -> Void = { _ in }
  ) -> SearchPlan {
    var options = SearchOptions()
    options.cycles = 2
    options.batchSize = 6
    change(&options)
    return SearchPlan(
      architecture: architecture, options: options, seed: 7, data: dataset.identity,
      normalization: Normalization(of: dataset.training))
  }

  package static func checkpoint(_ plan: SearchPlan = plan()) throws -> Checkpoint {
    try .initial(plan: plan, environment: environment, date: 1000)
  }

  package static func evaluator(
    _ architecture: Architecture, _ samples: Samples, _ parameters: [Float],
    _ numericPath: String
  ) throws -> any Evaluator {
    try ReferenceEvaluator(
      architecture: architecture, samples: samples, parameters: parameters)
  }

  /// The checkpoints of a search at each of its boundaries, with made-up records of its cycles.
  package static func boundaries(_ plan: SearchPlan = plan()) throws -> [Checkpoint] {
    var checkpoint = try checkpoint(plan)
    var boundaries = [checkpoint]
    var search = try Search(plan: plan, state: checkpoint.state) { parameters in
      try evaluator(
        architecture, Samples(dataset.training, normalization: plan.normalization), parameters,
        plan.numericPath)
    }
    while !search.isFinished {
      if case .cycleFinished(let summary) = try search.step() {
        checkpoint.history.append(
          CycleRecord(
            cycle: summary.cycle, trainingLoss: summary.trainingLoss,
            test: SetScore(
              loss: 1, accuracy: [0.5, 0.75, 0.625, 0.75][(summary.cycle - 1) % 4]),
            evaluations: summary.evaluations, seconds: 1, deviations: summary.deviations,
            tallies: summary.tallies))
      }
      checkpoint.state = search.state
      boundaries.append(checkpoint)
    }
    return boundaries
  }
}
