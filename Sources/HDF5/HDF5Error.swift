/// The reason why an HDF5 file cannot be read or written.
package enum HDF5Error: Error, Hashable {
  /// libhdf5 reported a failure; `reason` is the outermost and the innermost entry of its error stack.
  case failed(operation: String, reason: String)
  /// An object is missing, or not of the expected kind.
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
