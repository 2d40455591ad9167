extension SingularValues {
  /// The reason why singular values cannot be computed.
  package enum Failure: Error, Hashable {
    /// None of the libraries is installed.
    case unavailable(libraries: [String])
    case notFinite
    /// A side, or the workspace, is longer than LAPACK's integers count.
    case tooLarge
    /// LAPACK's status: its iteration did not converge, or an argument is out of range.
    case failed(code: Int)
  }
}

extension SingularValues.Failure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unavailable(let libraries):
      "cannot load LAPACK (\(libraries.joined(separator: ", "))); install it (Debian: liblapack3)"
    case .notFinite: "an element is not finite"
    case .tooLarge: "the matrix is too large"
    case .failed(let code): "LAPACK's dgesdd returned \(code)"
    }
  }
}
