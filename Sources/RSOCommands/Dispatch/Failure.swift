import RSOCheckpoints
import RSODatasets
import RSODevices
import RSONetworks
import RSORanks
import RSORuns
import RSOSearch
import RSOSystem
import RSOTensorFiles

/// Returns the message of an error and its exit status; nil for an error that no module of rso
/// declares.
func failure(_ error: any Error) -> (message: String, status: Int32)? {
  switch error {
  case let error as CommandError: ("\(error)", error.exitStatus)
  case let error as DatasetError: ("\(error)", error.exitStatus)
  case let error as ArchitectureError: ("\(error)", error.exitStatus)
  case let error as NumericPathError: ("\(error)", error.exitStatus)
  case let error as SearchError: ("\(error)", error.exitStatus)
  case let error as CheckpointError: ("\(error)", error.exitStatus)
  case let error as RunError: ("\(error)", error.exitStatus)
  case let error as ObjectiveError: ("\(error)", error.exitStatus)
  case let error as DeviceError: ("\(error)", ExitStatus.unavailable)
  case let error as MPIError: ("\(error)", ExitStatus.unavailable)
  case let error as SystemError: ("\(error)", error.exitStatus)
  case let error as FileReadError: ("\(error)", error.exitStatus)
  case let error as DurableFileError: ("\(error)", ExitStatus.inputOutput)
  case let error as TensorFileError: ("cannot export: \(error.problem)", ExitStatus.badData)
  default: nil
  }
}

/// Returns the message of any error.
package func reason(_ error: any Error) -> String { failure(error)?.message ?? "\(error)" }

/// Returns the system's words for an `errno`.
func systemText(_ code: Int32) -> String { SystemError.text(of: code) }

extension SystemError {
  var exitStatus: Int32 {
    isMissing || operation == .open ? ExitStatus.noInput : ExitStatus.inputOutput
  }
}

extension DatasetError {
  var exitStatus: Int32 {
    switch self {
    case .unknownKind, .noName, .notFound, .runDataNotFound, .testDataNotFound,
      .unreadable(_, .notFound):
      ExitStatus.noInput
    case .unreadable(_, .inputOutput): ExitStatus.inputOutput
    case .unreadable(_, .content), .differentData, .differentTestData: ExitStatus.badData
    }
  }
}

extension ArchitectureError {
  var exitStatus: Int32 {
    switch self {
    case .unknownPreset, .samples, .noNetwork: ExitStatus.usage
    case .unreadable, .invalid, .parameterCount: ExitStatus.badData
    }
  }
}

extension NumericPathError {
  var exitStatus: Int32 {
    switch self {
    case .precisionUnavailable, .unavailable: ExitStatus.unavailable
    case .unknown: ExitStatus.badData
    }
  }
}

extension SearchError {
  var exitStatus: Int32 {
    switch self {
    case .invalidOption, .incompatibleOptions, .unsuitedLoss, .undefinedLoss, .dataMismatch,
      .cyclesAlreadyDone,
      .noProgram:
      ExitStatus.usage
    case .unknownOption, .unusableNormalization, .invalidState, .lossNotFinite:
      ExitStatus.badData
    case .failedElsewhere: ExitStatus.unavailable
    }
  }
}

extension ObjectiveError {
  var exitStatus: Int32 {
    switch self {
    case .cannotStart, .ended, .closed, .silent, .stopped: ExitStatus.unavailable
    case .badGreeting, .otherVersion, .notFinite, .extraBytes: ExitStatus.protocolError
    }
  }
}

extension CheckpointError {
  var exitStatus: Int32 {
    switch self {
    case .cannotOpen: ExitStatus.noInput
    case .cannotRead: ExitStatus.inputOutput
    case .unsaveable, .noContentsProgram: ExitStatus.software
    case .noContentsProcess: ExitStatus.unavailable
    default: ExitStatus.badData
    }
  }
}

extension FileReadError {
  var exitStatus: Int32 {
    switch self {
    case .cannotOpen: ExitStatus.noInput
    case .cannotRead: ExitStatus.inputOutput
    case .damaged, .tooLarge: ExitStatus.badData
    }
  }
}

extension RunError {
  var exitStatus: Int32 {
    switch self {
    case .directoryExists, .notSweep: ExitStatus.cannotCreate
    case .notDirectory, .noRun, .undecided: ExitStatus.noInput
    case .inUse: ExitStatus.busy
    case .noLocks, .noThread, .rankCannotBegin: ExitStatus.unavailable
    case .noUsableCheckpoint(_, let unreadable): Self.status(of: unreadable)
    case .system(let error): error.exitStatus
    case .endedUnsaved, .savedInPart: ExitStatus.inputOutput
    case .invalidOption, .differentBits, .tooFewCycles, .noMean, .ranksDiffer, .unusableGroups:
      ExitStatus.usage
    default: ExitStatus.badData
    }
  }

  /// The status of all files if it is the same; otherwise that of bad data.
  private static func status(of unreadable: [UnreadableCheckpoint]) -> Int32 {
    let statuses = Set(unreadable.map { $0.error?.exitStatus ?? ExitStatus.badData })
    return statuses.count == 1 ? statuses.first ?? ExitStatus.badData : ExitStatus.badData
  }
}
