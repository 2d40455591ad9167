import RSOCheckpoints
import RSOSystem

/// Accepts a deliberate edit of a checkpoint file.
package enum Reseal {
  package enum Outcome: Sendable, Hashable {
    /// The file is as it was written.
    case unchanged
    /// `hasNewState`: the edit changed something that decides how the run continues.
    case resealed(hasNewState: Bool)
  }

  /// Gives the edited file a new digest and a new `state_sha256`, and notes in it that it was edited.
  /// Space in the file that an edit left unused is removed. The copy of a `last.h5` is replaced too.
  ///
  /// - Parameter date: The current time, in seconds since 1970.
  ///
  /// *Throws:* `CheckpointError` for other faults of the file; `RunError.inUse` while its run is trained;
  /// `RunError.noLocks`.
  package static func accept(
    _ path: String, date: Double = RunClock.system.date(), locking: Locking = Locking()
  ) throws -> Outcome {
    let directory = try RunDirectory.open(around: path, locking: locking)
    return try withExtendedLifetime(directory) {
      let (edited, hasNewState) = try CheckpointReader.readEdited(path)
      if let asWritten = try? CheckpointReader.read(path), asWritten == edited { return .unchanged }
      var checkpoint = edited.checkpoint
      checkpoint.provenance.resealed = date
      let bytes = try CheckpointWriter.encode(checkpoint)
      try DurableFile.write(bytes, to: path)
      if let copy = copy(of: path) { try DurableFile.write(bytes, to: copy) }
      return .resealed(hasNewState: hasNewState)
    }
  }

  /// The copy of a `last.h5`; nil if there is none.
  private static func copy(of path: String) -> String? {
    let paths = RunPaths(around: path)
    guard Path.name(of: path) == Path.name(of: paths.last), FileSystem.exists(paths.lastCopy) else {
      return nil
    }
    return paths.lastCopy
  }
}
