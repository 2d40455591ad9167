import RSORuns

/// Makes the directory of a new run.
///
/// *Throws:* `CommandError.cannotMake` if the system refuses; `RunError.directoryExists`.
func createRun(at path: String) throws -> RunDirectory {
  do {
    return try RunDirectory.create(at: path)
  } catch let error as RunError {
    guard case .system(_, _, let code) = error else { throw error }
    throw CommandError.cannotMake(run: path, reason: systemText(code))
  } catch {
    throw CommandError.cannotMake(run: path, reason: reason(error))
  }
}
