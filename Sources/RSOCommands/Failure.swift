import Foundation
import RSODatasets
import RSONetworks
import RSOSearch

/// What an error says, and the exit status that goes with it; nil for one that no module of rso
/// declares.
func failure(_ error: any Error) -> (message: String, status: Int32)? {
  switch error {
  case let error as CommandError: ("\(error)", error.exitStatus)
  case let error as DatasetError: ("\(error)", error.exitStatus)
  case let error as ArchitectureError: ("\(error)", error.exitStatus)
  case let error as SearchError: ("\(error)", error.exitStatus)
  default: nil
  }
}

/// An error of the system in its own words.
func describe(_ error: any Error) -> String {
  let error = error as NSError
  let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  guard cause.domain == NSPOSIXErrorDomain else { return "\(error.localizedDescription)" }
  return String(cString: strerror(Int32(cause.code))).lowercased()
}

extension DatasetError {
  var exitStatus: Int32 {
    switch self {
    case .cannotOpen, .fileMissing, .notFound: ExitStatus.noInput
    case .cannotRead: ExitStatus.inputOutput
    default: ExitStatus.badData
    }
  }
}

extension ArchitectureError {
  var exitStatus: Int32 {
    switch self {
    case .unknownPreset, .samples: ExitStatus.usage
    case .unreadable, .invalid, .parameterCount: ExitStatus.badData
    }
  }
}

extension SearchError {
  var exitStatus: Int32 {
    switch self {
    case .invalidOption, .dataMismatch, .cyclesAlreadyDone: ExitStatus.usage
    case .unusableNormalization, .stateMismatch, .lossNotFinite: ExitStatus.badData
    }
  }
}
