import HDF5
import RSOSearch

/// What is wrong with an object of a checkpoint, before it is known which file it belongs to.
struct Defect: Error {
  var object: String
  var problem: String

  init(_ object: String, _ problem: String) {
    self.object = object
    self.problem = problem
  }

  /// What `error`, thrown while `object` was read or made, says about it.
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
