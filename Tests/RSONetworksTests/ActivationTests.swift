import Foundation
import RSONetworks
import RSONumerics
import Testing

@Suite("Activations")
struct ActivationTests {
  private static let all: [Activation] = [
    .identity, .relu, .leakyReLU(slope: 0.25), .tanh, .sign, .step, .sigmoid, .gelu, .silu,
    .elu(alpha: 0.75), .softplus, .hardSigmoid, .hardSwish,
  ]

  /// The largest error of an activation's value; 0 where it has no exponential.
  private static func tolerance(_ activation: Activation, at x: Double, _ value: Double) -> Double {
    switch activation {
    case .tanh: 2 * Double(Float(value).ulp)
    case .sigmoid, .elu: 2e-7
    case .gelu, .silu, .softplus: 2e-7 * max(1, abs(x))
    // A division by six, and a sum and a product that are rounded.
    case .hardSigmoid, .hardSwish: 2e-7 * max(1, abs(value))
    default: 0
    }
  }

  @Test(
    "on every instruction set a value is that of the definition, within the stated error",
    arguments: all)
  func values(activation: Activation) throws {
    // Whole and small numbers of both signs, and a fine grid where tanh bends.
    let numbers: [Float] =
      [0, -0.0, 1, -1, 1e-30, -1e-30, 1e-7, -1e-7, 0.55, -0.55, 0.549_999_95, 8, -9, 50, -200]
      + (0..<2000).map { Float($0 - 1000) / 211 }
    for kernels in Kernels.available {
      for (number, answer) in zip(numbers, try answers(numbers, activation, kernels)) {
        let expected = activation(Double(number))
        let error = Self.tolerance(activation, at: Double(number), expected)
        #expect(
          abs(Double(answer) - expected) <= error, "\(kernels.name): \(activation) of \(number)")
      }
    }
  }

  @Test("numbers of any size, and infinities, have the limits of the definition", arguments: all)
  func limits(activation: Activation) throws {
    let numbers: [Float] = [1e38, -1e38, 3e4, -3e4, .infinity, -.infinity]
    for kernels in Kernels.available {
      for (number, answer) in zip(numbers, try answers(numbers, activation, kernels)) {
        let expected = Float(activation(Double(number)))
        // The smallest exponential is e^-87.
        #expect(
          answer == expected || abs(answer - expected) < 1e-37,
          "\(kernels.name): \(activation) of \(number)")
      }
    }
  }

  @Test("zero is a sign of its own, and no step", arguments: [Activation.sign, .step])
  func zero(activation: Activation) throws {
    for kernels in Kernels.available {
      #expect(try answers([0, -0.0], activation, kernels) == [0, 0])
    }
    #expect(activation(0) == 0)
  }

  /// A network of one input, the activation and the weights 1 and 0: its first logit is the answer.
  private func answers(
    _ numbers: [Float], _ activation: Activation, _ kernels: Kernels
  ) throws -> [Float] {
    let architecture = Architecture(
      name: "one", input: ImageShape(channels: 1, height: 1, width: 1), classes: 2,
      layers: [
        .activation(activation), .linear(name: "fc", outputs: 2, bias: false),
      ])
    return try stride(from: 0, to: numbers.count, by: 256).flatMap { start in
      let part = numbers[start..<min(start + 256, numbers.count)]
      let samples = Samples(
        shape: architecture.input, classes: 2, pixels: part.indices.map { UInt8($0 - start) },
        labels: part.map { _ in 0 }, values: part + Array(repeating: 0, count: 256 - part.count))
      let evaluator = try IncrementalEvaluator(
        architecture: architecture, samples: samples, parameters: [1, 0], threads: 1,
        kernels: kernels)
      let logits = evaluator.predictions(
        for: samples, statistics: NormalizationStatistics(mean: [[]], variance: [[]])
      ).logits
      return part.indices.map { logits[2 * ($0 - start)] }
    }
  }
}
