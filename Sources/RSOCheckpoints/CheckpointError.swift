import HDF5Isolation
import RSOSystem

/// The reasons why a checkpoint cannot be read or saved.
package enum CheckpointError: Error, Hashable {
  /// The operating system refuses access to the file.
  case cannotOpen(path: String, reason: String)
  /// The file cannot be read to its end.
  case cannotRead(path: String, reason: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  case notHDF5(path: String)
  /// An HDF5 file without a checkpoint's user block.
  case notCheckpoint(path: String)
  case newerVersion(path: String, found: FormatVersion, supported: FormatVersion)
  /// The user block begins like one, but continues differently.
  case damagedHeader(path: String)
  case truncated(path: String, expected: Int, found: Int)
  /// Content and digest disagree because of damage or an edit.
  case modified(path: String)
  /// The digest is right, but `object` is not what the format says.
  case malformed(path: String, object: String, problem: String)
  /// libhdf5 crashed or did not finish.
  case crashed(path: String, reason: String)
  /// The program in which libhdf5 runs cannot be started.
  case noContentsProgram(path: String, reason: String)
  /// The system makes no process for libhdf5 at the moment.
  case noContentsProcess(path: String, reason: String)
  /// A checkpoint cannot hold a value that was to be saved.
  case unsaveable(object: String, problem: String)

  /// True if the file may be good for another program or at another time. Continuing from an older file
  /// would overwrite it.
  package var mayBeGood: Bool {
    switch self {
    case .cannotOpen, .tooLarge, .newerVersion, .crashed, .noContentsProgram,
      .noContentsProcess:
      true
    default: false
    }
  }
}

extension CheckpointError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open '\(path)': \(reason)"
    case .cannotRead(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .tooLarge(let path, let bytes, let limit):
      "cannot open '\(path)': \(bytes) bytes, more than the \(limit) that are read"
    case .notHDF5(let path):
      "cannot open '\(path)': not an HDF5 file"
        + (Self.isOfOtherTool(path) ? "; 'rso import' makes a checkpoint of it" : "")
    case .notCheckpoint(let path):
      "cannot open '\(path)': an HDF5 file, but not an rso checkpoint"
    case .newerVersion(let path, let found, let supported):
      """
      cannot read '\(path)': format version \(found) is newer than \(supported), the newest that \
      this rso reads; use a newer rso
      """
    case .damagedHeader(let path):
      "cannot read '\(path)': its user block is damaged; use an older checkpoint"
    case .truncated(let path, let expected, let found):
      "cannot read '\(path)': truncated: \(found) of \(expected) bytes; use an older checkpoint"
    case .modified(let path):
      """
      cannot read '\(path)': damaged or modified since it was written: its SHA-256 differs; use an \
      older checkpoint, or accept an edit that was meant with 'rso verify --reseal'
      """
    case .malformed(let path, let object, let problem):
      "cannot read '\(path)': \(object): \(problem)"
    case .crashed(let path, let reason):
      "cannot read '\(path)': its content is hostile or damaged: libhdf5 \(reason)"
    case .noContentsProgram(let path, let reason):
      "cannot run '\(path)', which checkpoints are parsed with: \(reason); install rso again"
    case .noContentsProcess(let path, let reason):
      """
      cannot read '\(path)': cannot start the process that parses it: \(reason); end other \
      processes, or raise their limit ('ulimit -u', or pids.max of the control group)
      """
    case .unsaveable(let object, let problem):
      "cannot save a checkpoint: \(object): \(problem)"
    }
  }

  private static func isOfOtherTool(_ path: String) -> Bool {
    [".safetensors", ".npz", ".onnx"].contains(where: path.hasSuffix)
  }
}

extension CheckpointError {
  init(_ error: FileReadError) {
    switch error {
    case .cannotOpen(let path, let reason): self = .cannotOpen(path: path, reason: reason)
    case .cannotRead(let path, let reason), .damaged(let path, let reason):
      self = .cannotRead(path: path, reason: reason)
    case .tooLarge(let path, let bytes, let limit):
      self = .tooLarge(path: path, bytes: bytes, limit: limit)
    }
  }

  /// - Parameter path: The file that was to be parsed.
  package init(_ error: ContentsProcessError, path: String) {
    switch error {
    case .gaveUp(let reason): self = .crashed(path: path, reason: reason)
    case .noProgram(let program, let reason):
      self = .noContentsProgram(path: program, reason: reason)
    case .noProcess(let reason): self = .noContentsProcess(path: path, reason: reason)
    }
  }
}
