/// Mean and standard deviation of the training set's pixels, a value a channel, in units of full
/// scale (a byte counts as byte / 255): a sample enters a network as (byte / 255 - mean) / std.
package struct Normalization: Sendable, Hashable, Codable {
  package var mean: [Double]
  package var standardDeviation: [Double]

  package init(mean: [Double], standardDeviation: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}
