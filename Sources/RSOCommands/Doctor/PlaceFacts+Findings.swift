import Glibc
import RSORuns
import RSOSystem

extension PlaceFacts {
  /// Less free space than this may be used up by a few checkpoints.
  private static let littleSpace = 100_000_000
  /// A file that is this many seconds newer or older than the clock says shows that another machine has another
  /// time.
  private static let clockTolerance = 60.0

  var findings: [DoctorFinding] {
    guard directory != nil else { return [directoryFinding] }
    return [directoryFinding, fileSystemFinding, space, save, lock]
  }

  private var directoryFinding: DoctorFinding {
    let subject = "directory"
    let name = quotedPath(path)
    let examined = directory.map { quotedPath($0) } ?? ""
    let values: [String: ReportValue] = ["examined": directory.reportValue]
    switch kind {
    case .directory where directory != nil:
      return DoctorFinding(subject, .good, examined, values)
    case .missing where directory != nil:
      return DoctorFinding(
        subject, .good, "\(name) does not exist; runs make it, in \(examined)", values)
    case .denied(let code):
      return DoctorFinding(
        subject, .failing, "cannot open \(name): \(SystemError.text(of: code))",
        remedy: Self.remedy(of: code), values)
    case .directory, .missing, .notDirectory:
      return DoctorFinding(
        subject, .failing, "\(name) is not a directory", remedy: "name a directory", values)
    }
  }

  private var fileSystemFinding: DoctorFinding {
    guard let fileSystem else { return .unknown("file_system") }
    let values: [String: ReportValue] = [
      "kind": .text(fileSystem.kind), "mounted_at": .text(fileSystem.place),
      "read_only": .flag(fileSystem.isReadOnly),
    ]
    let text = "\(printable(fileSystem.kind)), mounted at \(quotedPath(fileSystem.place))"
    if fileSystem.isReadOnly {
      return DoctorFinding(
        "file_system", .failing, text + ", read-only",
        remedy: "name a directory on another file system, or mount this one for writing",
        values)
    }
    return DoctorFinding("file_system", .good, text, values)
  }

  private var space: DoctorFinding {
    guard let availableBytes else { return .unknown("free_space") }
    let values: [String: ReportValue] = ["available_bytes": .integer(availableBytes)]
    let remedy = "remove files, such as old checkpoints (--keep-last), or name another directory"
    if availableBytes < DirectoryTrial.size {
      return DoctorFinding(
        "free_space", .failing, "\(Numbers.grouped(availableBytes)) bytes", remedy: remedy, values)
    }
    return DoctorFinding(
      "free_space", availableBytes < Self.littleSpace ? .limited : .good,
      Numbers.bytes(availableBytes),
      remedy: availableBytes < Self.littleSpace ? remedy : nil, values)
  }

  private var save: DoctorFinding {
    guard let trial else { return .unknown("save") }
    switch trial.save {
    case .failure(let error):
      return DoctorFinding(
        "save", .failing, Self.reason(of: error), remedy: Self.remedy(of: error))
    case .success(let seconds):
      let milliseconds = Numbers.fixed(seconds * 1000, 1)
      let values: [String: ReportValue] = [
        "milliseconds": .number(seconds * 1000),
        "clock_difference_seconds": trial.clockDifference.reportValue,
      ]
      let text = "a file was saved, replaced and read back in \(milliseconds) ms"
      if let leftover = trial.leftover {
        return DoctorFinding(
          "save", .failing, text + ", and could not be removed",
          remedy: "remove \(quotedPath(leftover))", values)
      }
      if let difference = trial.clockDifference, abs(difference) > Self.clockTolerance {
        return DoctorFinding(
          "save", .limited,
          text + "; the clock of its file system differs by \(Numbers.duration(abs(difference)))",
          remedy: "synchronise the clocks of this machine and of the file server", values)
      }
      return DoctorFinding("save", .good, text, values)
    }
  }

  private static func remedy(of error: DurableFileError) -> String {
    guard case .cannotSave(_, _, let code) = error else {
      return "name a directory on another file system"
    }
    return remedy(of: code)
  }

  /// The remedy for an `errno` of opening or saving.
  private static func remedy(of code: Int32) -> String {
    switch code {
    case EACCES, EPERM: "name a directory in which this user may write"
    case ELOOP: "remove a symbolic link that leads back to itself, or name another directory"
    case ENAMETOOLONG: "give a shorter name"
    case ENOSPC, EDQUOT: "name a directory with free space"
    case EFBIG: MachineFacts.largerFiles
    case EMFILE, ENFILE: MachineFacts.moreOpenFiles
    default: "name another directory"
    }
  }

  /// The words of a failed save without the name of the temporary file.
  private static func reason(of error: DurableFileError) -> String {
    switch error {
    case .cannotSave(_, let operation, let code):
      "cannot save a file: cannot \(operation) it: \(SystemError.text(of: code))"
    case .readBackDiffers: "cannot save a file: the bytes read back are not the bytes written"
    case .cannotSweep: printable("\(error)")
    }
  }

  private var lock: DoctorFinding {
    let remedy =
      "use a directory on another file system, or give --no-lock if no other process writes to the run"
    return switch trial?.lock {
    case nil: .unknown("locks")
    case .exclusive:
      DoctorFinding("locks", .good, "a file was locked, and a second lock was refused")
    case .shared:
      DoctorFinding(
        "locks", .failing, "a file was locked twice: two processes could write to one run",
        remedy: remedy)
    case .unsupported(let code):
      DoctorFinding(
        "locks", .failing, "the file system has no locks: \(SystemError.text(of: code))",
        remedy: remedy)
    case .failed(let reason):
      DoctorFinding("locks", .failing, printable(reason), remedy: remedy)
    }
  }
}
