import Foundation
import RSOCheckpoints
import RSOSystem

/// Accepts a deliberate edit of a checkpoint file.
package enum Reseal {
  package enum Outcome: Sendable, Hashable {
    /// The file is as it was written.
    case unchanged
    /// `hasNewState`: the edit concerns what decides the run's future.
    case resealed(hasNewState: Bool)
  }

  /// Gives the file as it is now a digest, and a `state_sha256`, of its own, and notes in it that it
  /// was edited. What an edit leaves unused in the file goes. The copy of a `last.h5` goes with it.
  ///
  /// *Throws:* what is wrong with the file besides; `RunError.inUse` while its run goes on.
  package static func accept(
    _ path: String, date: Double = RunClock.system.date()
  ) throws -> Outcome {
    let directory = try RunDirectory.open(around: path)
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

  private static func copy(of path: String) -> String? {
    let paths = RunPaths(around: path)
    let isLast = path == "last.h5" || path.hasSuffix("/last.h5")
    return isLast && FileManager.default.fileExists(atPath: paths.lastCopy) ? paths.lastCopy : nil
  }
}
