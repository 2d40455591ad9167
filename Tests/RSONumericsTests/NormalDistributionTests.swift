import Foundation
import RSONumerics
import Testing

@Suite struct NormalDistributionTests {
  @Test("uniforms are exactly those of numpy's words, normals those of scipy to 1e-13")
  func streamAgrees() throws {
    let expected = try Vectors.load().stream
    var uniforms = Vectors.fixtureStream
    var normals = Vectors.fixtureStream
    #expect(expected.uniforms.count == 64)
    for (uniform, normal) in zip(expected.uniforms, expected.normals) {
      #expect(uniforms.nextUniform() == uniform)
      let found = normals.nextNormal()
      #expect(abs(found - normal) <= 1e-13 * abs(normal), "\(uniform): \(found), \(normal)")
    }
  }

  @Test("quantiles at the ends and seams are scipy's to 1e-13")
  func quantilesAgree() throws {
    let expected = try Vectors.load().quantiles
    #expect(expected.probabilities.count > 100)
    for (probability, value) in zip(expected.probabilities, expected.values) {
      let found = NormalDistribution.quantile(probability)
      #expect(abs(found - value) <= 1e-13 * abs(value), "\(probability): \(found), \(value)")
    }
  }

  @Test("quantiles are antisymmetric about one half")
  func antisymmetric() {
    for exponent in 2...53 {
      let tail = Double(sign: .plus, exponent: -exponent, significand: 1)
      #expect(NormalDistribution.quantile(tail) == -NormalDistribution.quantile(1 - tail))
    }
    #expect(NormalDistribution.quantile(0.5) == 0)
  }

  @Test("the logarithm is the C library's within two units in the last place")
  func logarithmAgrees() {
    var stream = RandomKey(seed: 3, purpose: .initialization).stream(1)
    var arguments = [Double.leastNormalMagnitude, .greatestFiniteMagnitude, 2.0.squareRoot(), 2]
    arguments += [Double(1).nextUp, Double(1).nextDown, 1 + 1e-9, 1 - 1e-9, 0.5, 0.1]
    arguments += (0..<20_000).map { _ in stream.nextUniform() }
    arguments += (0..<20_000).map { _ in
      Double(sign: .plus, exponent: stream.next(below: 2000) - 1000, significand: 1)
        * (1 + stream.nextUniform())
    }
    for x in arguments {
      let expected = Foundation.log(x)
      #expect(abs(PortableMath.log(x) - expected) <= 2 * expected.ulp, "log(\(x))")
    }
    #expect(PortableMath.log(1) == 0)
  }

  @Test("the first normals of a run's key are pinned, bit for bit")
  func pinned() {
    var stream = RandomKey(seed: 0, purpose: .initialization).stream(0)
    let found = (0..<4).map { _ in String(stream.nextNormal().bitPattern, radix: 16) }
    #expect(
      found == ["3fd20b825144e31e", "3ff2139b1ec9f0da", "bff8ad556bbc6490", "3fef215fb29c73a6"])
    // The farthest of all, by the third approximation.
    #expect(NormalDistribution.quantile(0x1p-53).bitPattern == 0xc020_6b48_528c_ea51)
  }

  @Test("a million normals have the moments and the distribution of the standard normal")
  func distribution() {
    var stream = RandomKey(seed: 7, purpose: .proposal).stream(0)
    let count = 1_000_000
    let normals = (0..<count).map { _ in stream.nextNormal() }.sorted()
    // Tolerances: five standard errors, whose squares are 1, 2, 15 and 96 over the count.
    let root = Double(count).squareRoot()
    for (power, moment, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let found = normals.reduce(0) { $0 + pow($1, Double(power)) } / Double(count)
      #expect(abs(found - moment) < 5 * variance.squareRoot() / root, "moment \(power): \(found)")
    }
    // Kolmogorov-Smirnov: exceeded once in 1500 honest samples.
    var distance = 0.0
    for (index, x) in normals.enumerated() {
      let probability = 0.5 * erfc(-x / 2.0.squareRoot())
      distance = max(
        distance, probability - Double(index) / Double(count),
        Double(index + 1) / Double(count) - probability)
    }
    #expect(distance * root < 2)
  }
}
