/// An error in a file that describes a sweep, with its place.
struct SweepFileFault: Error, Equatable {
  /// `grid.batch-size[2]`; empty for the whole file.
  var place: String
  var reason: String
}

extension SweepFileFault: CustomStringConvertible {
  var description: String { place.isEmpty ? reason : "\(place): \(reason)" }
}
