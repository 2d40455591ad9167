/// Chunks of samples, the unit of work and of summation: their sums are added in their order, whichever
/// thread or rank has computed them.
package enum Chunks {
  /// Samples in a chunk: a multiple of every lane count.
  package static let samples = 32

  /// The number of chunks that hold `count` samples; the last one may not be full.
  package static func count(of count: Int) -> Int { (count + samples - 1) / samples }
}
