import ArgumentParser
import RSORuns

/// Makes the directory of a new run.
///
/// *Throws:* `CommandError.cannotMake` if the system refuses; `RunError`.
func createRun(at path: String, locking: Locking) throws -> RunDirectory {
  do {
    return try RunDirectory.create(at: path, locking: locking)
  } catch let error as RunError {
    guard case .system(let cause) = error else { throw error }
    throw CommandError.cannotMake(run: path, reason: cause.reason)
  } catch {
    throw CommandError.cannotMake(run: path, reason: reason(error))
  }
}

extension ArgumentHelp {
  /// The help of `--no-lock`.
  static let noLock: ArgumentHelp =
    "Continue if the file system cannot lock the directory. No other process may write to it."
}

extension Verb {
  /// Warns that a directory is not locked, although `--no-lock` allows it.
  static func warnOfNoLock(_ path: String) {
    warn(
      "\(quotedPath(path)) is not locked, because its file system does not support locks; make "
        + "sure that no other process writes to it")
  }
}
