internal import RSOSystem

/// The reason why `hdf5-contents` gave no answer.
package enum ContentsProcessError: Error, Hashable, Sendable {
  /// libhdf5 did not finish with the file: it crashed, or reached a limit. The file is hostile or
  /// damaged.
  case gaveUp(reason: String)
  /// The program cannot be started, or is of another version. The file may be good.
  case noProgram(path: String, reason: String)
}

extension ContentsProcessError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .gaveUp(let reason): "content is hostile or damaged: libhdf5 \(reason)"
    case .noProgram(let path, let reason):
      "cannot run '\(path)', which parses HDF5 files: \(reason); install rso again"
    }
  }
}
