internal import RSOSystem

/// The reason why a `ContentsProcess` gave no answer.
package enum ContentsProcessError: Error, Hashable, Sendable {
  /// libhdf5 did not finish with the file: it crashed, or reached a limit. The file is hostile or
  /// damaged.
  case gaveUp(reason: String)
  /// The program cannot be started, or is of another version. The file may be good.
  case noProgram(path: String, reason: String)
  /// The system makes no more processes at the moment. The file may be good.
  case noProcess(reason: String)
}

extension ContentsProcessError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .gaveUp(let reason): "content is hostile or damaged: libhdf5 \(reason)"
    case .noProgram(let path, let reason):
      "cannot run '\(path)', which parses HDF5 files: \(reason); install rso again"
    case .noProcess(let reason):
      """
      cannot start a process that parses HDF5 files: \(reason); end other processes, or raise \
      their limit ('ulimit -u', or pids.max of the control group)
      """
    }
  }
}
