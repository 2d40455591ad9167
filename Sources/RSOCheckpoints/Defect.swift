import HDF5
import RSOSearch

/// A problem with an object of a checkpoint, before the file is known.
struct Defect: Error {
  var object: String
  var problem: String

  init(_ object: String, _ problem: String) {
    self.object = object
    self.problem = problem
  }

  /// The problem that `error` reports, thrown while `object` was read or written.
  init(_ error: any Error, in object: String) {
    switch error {
    case let defect as Defect: self = defect
    case SearchError.invalidState(let object, let problem): self.init(object, problem)
    case HDF5Error.unsuitable(let object, let problem): self.init(object, problem)
    default: self.init(object, "\(error)")
    }
  }
}

func require(
  _ holds: Bool, _ object: String, _ problem: @autoclosure () -> String
) throws(Defect) {
  if !holds { throw Defect(object, problem()) }
}
