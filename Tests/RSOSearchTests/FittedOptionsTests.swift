import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("Options that fit the data")
struct FittedOptionsTests {
  private func fitted(
    _ shape: ImageShape, outputs: Int, samples: Int
  ) throws -> (fitted: FittedOptions, options: SearchOptions) {
    let graph = try StageGraph(.automatic(input: shape, outputs: outputs, samples: samples))
    let fitted = FittedOptions(samples: samples, graph: graph)
    return (fitted, fitted.applied(to: SearchOptions()))
  }

  private static func features(_ count: Int) -> ImageShape {
    ImageShape(channels: count, height: 1, width: 1)
  }

  @Test(
    "small data are judged whole, for as many cycles as the network needs",
    arguments: [
      (4, 3, 112, 147, 10), (13, 3, 133, 291, 5), (30, 2, 426, 546, 4), (10, 1, 331, 209, 7),
      (64, 10, 1347, 4874, 13), (2, 1, 1, 81, 15), (2, 2, 2000, 386, 15),
    ])
  func small(inputs: Int, outputs: Int, samples: Int, parameters: Int, cycles: Int) throws {
    let (fitted, options) = try fitted(Self.features(inputs), outputs: outputs, samples: samples)
    #expect(fitted.parameters == parameters && options.cycles == cycles)
    #expect(options.batchSize == BatchSchedule(samples) && options.phaseSamples == nil)
    #expect(options.batchFactors == BatchFactors())
    #expect(options.hold == 16 && options.selection == .first && options.layers == .forward)
    #expect(
      fitted.reason == "from \(samples) training samples and \(parameters) parameters")
    #expect(
      fitted.names(in: options)
        == ["cycles", "batch-size", "hold", "layers", "selection", "deviation-scale"])
  }

  @Test("minibatches of more data grow, and are larger where steps are cheap")
  func large() throws {
    let images = ImageShape(channels: 1, height: 28, width: 28)
    let (fitted, options) = try fitted(images, outputs: 10, samples: 60_000)
    #expect(options.batchSize == BatchSchedule("125:2,250:2,500:2,1000"))
    #expect(options.batchFactors == BatchFactors("conv2:2,conv3:4,conv4:16,conv5:32,fc:32"))
    #expect(options.cycles == 12 && options.phaseSamples == 10_000 && options.annealTo == 0.05)
    var shorter = options
    shorter.cycles = 5
    #expect(fitted.names(in: options).subtracting(fitted.names(in: shorter)) == ["cycles"])
    #expect(try self.fitted(images, outputs: 10, samples: 10_000).options.phaseSamples == nil)
  }

  @Test(
    "the options suit every plan",
    arguments: [1, 2, 16, 2000, 2001, 9999, 1_000_000], [1, 2, 700])
  func valid(samples: Int, inputs: Int) throws {
    for shape in [Self.features(inputs), ImageShape(channels: 3, height: 9, width: inputs + 7)] {
      let options = try fitted(shape, outputs: 2, samples: samples).options
      let largest = options.phaseSamples ?? samples
      #expect(options.batchSize.sizes.allSatisfy { (1...largest).contains($0) })
      #expect((4...15).contains(options.cycles))
    }
  }
}
