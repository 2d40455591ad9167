import LinearAlgebra
import RSORanks
import RSOSystem

extension MachineFacts {
  /// Findings about libraries, and about the programs and processes that rso starts.
  var libraryFindings: [DoctorFinding] {
    [
      librariesFinding, lapackFinding, mpiFinding,
      process("hdf5_process", fileProcess, "parses checkpoints and HDF5 files"),
      process("picture_process", pictureProcess, "decodes pictures"),
      plots, temporaryFiles,
    ]
  }

  private var librariesFinding: DoctorFinding {
    guard !libraries.isEmpty else { return .unknown("libraries") }
    return DoctorFinding(
      "libraries", libraries.contains { $0.version == nil } ? .unknown : .good,
      libraries.map { name, version in
        "\(name.replacing("_", with: "-")) \(version ?? "not known")"
      }.joined(separator: ", "),
      Dictionary(
        libraries.map { ($0.name, $0.version.reportValue) }, uniquingKeysWith: { first, _ in first }
      ))
  }

  private var lapackFinding: DoctorFinding {
    switch lapack {
    case nil: .unknown("lapack")
    case .success(let library): DoctorFinding("lapack", .good, library, ["library": .text(library)])
    case .failure(let failure):
      DoctorFinding(
        "lapack", .absent, "not installed; only --spectrum and the checks of spectra need it",
        remedy: "\(failure)")
    }
  }

  /// MPI is needed only where a launcher starts several processes.
  private var mpiFinding: DoctorFinding {
    switch mpi {
    case nil: return .unknown("mpi")
    case .success(let found):
      return DoctorFinding(
        "mpi", .good, "\(found.library), \(printable(found.path))",
        ["library": .text(found.library), "path": .text(found.path)])
    case .failure(.missing(let paths)) where launch == nil:
      return DoctorFinding(
        "mpi", .absent,
        "\(MPIRanks.fileName) is not there; only training on several processes needs it",
        remedy: "'make mpi' in rso's source directory makes it; RSO_MPI names it in another place",
        ["searched": paths.reportValue])
    case .failure(let error):
      return DoctorFinding(
        "mpi", .failing, "training on several processes cannot begin", remedy: "\(error)")
    }
  }

  private func process(_ subject: String, _ trial: Trial?, _ work: String) -> DoctorFinding {
    switch trial {
    case nil: .unknown(subject)
    case .works: DoctorFinding(subject, .good, work)
    case .fails(let reason):
      DoctorFinding(
        subject, .failing, "\(work), and does not work: \(printable(reason))",
        remedy: hasFewFiles
          ? Self.moreOpenFiles
          : "raise the limits ('ulimit -u', 'ulimit -v', 'ulimit -s'), or install rso again")
    }
  }

  /// True if the limit of open files explains why a file or process cannot be opened.
  private var hasFewFiles: Bool {
    limits?.openFiles.map { $0 < Self.openFilesOfRun } ?? false
  }

  private var plots: DoctorFinding {
    switch plotConverter {
    case nil: .unknown("png_plots")
    case .success(let version): DoctorFinding("png_plots", .good, printable(version))
    case .failure(let error):
      DoctorFinding(
        "png_plots", error.isMissing ? .absent : .limited,
        "\(PNGConversion.program) cannot be run: \(error.reason); only plots as PNG files need it",
        remedy: error.isMissing
          ? "install it (Debian: \(PNGConversion.debianPackage)), or write plots as .svg" : nil)
    }
  }

  private var temporaryFiles: DoctorFinding {
    guard let temporaryFile, let temporaryDirectory else { return .unknown("temporary_files") }
    let place = printable(temporaryDirectory)
    let values: [String: ReportValue] = ["directory": .text(temporaryDirectory)]
    switch temporaryFile {
    case .works: return DoctorFinding("temporary_files", .good, place, values)
    case .fails(let reason):
      return DoctorFinding(
        "temporary_files", .limited,
        "\(place): \(printable(reason)); only Keras's archives need them",
        remedy: hasFewFiles
          ? Self.moreOpenFiles
          : hasProcesses
            ? "name a directory in which this user may write with TMPDIR" : "mount /proc", values)
    }
  }
}
