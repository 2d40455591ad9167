import RSOSystem

extension FileReadError {
  var cause: ReadFailureCause {
    switch self {
    case .cannotOpen: .notFound
    case .cannotRead: .inputOutput
    case .damaged, .tooLarge: .content
    }
  }
}
