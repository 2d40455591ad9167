/// What is wrong with a file that describes a sweep, and where in it.
struct SweepFileFault: Error, Equatable {
  /// `grid.sigma-scale[2]`; empty for the whole.
  var place: String
  var reason: String
}

extension SweepFileFault: CustomStringConvertible {
  var description: String { place.isEmpty ? reason : "\(place): \(reason)" }
}
