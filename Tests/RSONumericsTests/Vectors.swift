import Foundation
import RSONumerics
import TestSupport

/// `Fixtures/random/vectors.json`: what numpy and scipy say.
struct Vectors: Decodable {
  struct Block: Decodable {
    var key: [String]
    var counter: [String]
    var words: [String]
  }

  struct Stream: Decodable {
    var words: [String]
    var uniforms: [Double]
    var normals: [Double]
  }

  struct Quantiles: Decodable {
    var probabilities: [Double]
    var values: [Double]
  }

  var blocks: [Block]
  var stream: Stream
  var quantiles: Quantiles

  static func load() throws -> Vectors {
    try JSONDecoder().decode(Vectors.self, from: Fixtures.data("random/vectors.json"))
  }

  /// The stream that the fixture describes.
  static var fixtureStream: RandomStream {
    RandomKey(seed: 42, purpose: .proposal).stream(143, 1, 49)
  }
}

/// The words of hexadecimal numbers.
func words(_ hexadecimal: [String]) -> [UInt64] {
  hexadecimal.compactMap { UInt64($0, radix: 16) }
}
