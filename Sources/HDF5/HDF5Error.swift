/// What went wrong in an HDF5 file.
package enum HDF5Error: Error, Hashable {
  /// libhdf5 reported a failure; `reason` is its error stack, outermost and innermost entry.
  case failed(operation: String, reason: String)
  /// An object is there but not of the kind that was asked for.
  case unsuitable(object: String, problem: String)
}

extension HDF5Error: CustomStringConvertible {
  package var description: String {
    switch self {
    case .failed(let operation, let reason):
      reason.isEmpty ? "cannot \(operation)" : "cannot \(operation): \(reason)"
    case .unsuitable(let object, let problem): "\(object): \(problem)"
    }
  }
}
