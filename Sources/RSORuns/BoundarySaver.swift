import RSOCheckpoints
import Synchronization

/// Keeps the last boundary of a run, and saves it.
///
/// A class, and safe to use from any thread: while the search is inside a long evaluation, a signal
/// must still be able to have the last boundary written.
package final class BoundarySaver: Sendable {
  private struct Content {
    var store: CheckpointStore
    var checkpoint: Checkpoint
    var isSaved = false
    /// The run is over; nothing more is written.
    var isConcluded = false
  }

  private let content: Mutex<Content>
  private let paths: RunPaths
  private let clock: RunClock

  package init(store: CheckpointStore, checkpoint: Checkpoint, clock: RunClock) {
    content = Mutex(Content(store: store, checkpoint: checkpoint))
    paths = store.paths
    self.clock = clock
  }

  /// The last boundary.
  package var checkpoint: Checkpoint { content.withLock { $0.checkpoint } }

  /// Takes a newer boundary.
  package func reach(_ checkpoint: Checkpoint) {
    content.withLock {
      $0.checkpoint = checkpoint
      $0.isSaved = false
    }
  }

  /// Writes the last boundary, unless it is written. Returns the path of the file that holds it.
  @discardableResult
  package func save() throws -> String {
    try content.withLock { try save(&$0) }
  }

  /// How a run's last state was saved.
  package struct Conclusion: Sendable {
    /// The file that holds it.
    package var path: String
    /// What else was to be written and could not be.
    package var missing: String?
  }

  /// Writes the last boundary, unless it is written; the last thing that a run does.
  ///
  /// *Throws:* `RunError.endedUnsaved`.
  @discardableResult
  package func conclude() throws -> Conclusion {
    try content.withLock { content in
      content.isConcluded = true
      return try concluding { try save(&content) }
    }
  }

  /// Does what the run does at its end, in its place, for it does not answer; nothing if it has come
  /// to its end by itself.
  ///
  /// - Parameter end: Called with the path of the file, while the run is held at its next boundary;
  ///   it ends the process.
  package func rescue(_ end: (Result<Conclusion, any Error>) -> Void) {
    content.withLock { content in
      guard !content.isConcluded else { return }
      content.isConcluded = true
      end(Result { try concluding { try save(&content) } })
    }
  }

  private func concluding(_ save: () throws -> String) throws -> Conclusion {
    do {
      return Conclusion(path: try save())
    } catch RunError.savedInPart(let path, let reason) {
      return Conclusion(path: path, missing: reason)
    } catch {
      throw RunError.endedUnsaved(path: paths.directory, reason: "\(error)")
    }
  }

  private func save(_ content: inout Content) throws -> String {
    if !content.isSaved {
      content.checkpoint.provenance.saved = clock.date()
      try content.store.save(content.checkpoint)
      content.isSaved = true
    }
    return paths.last
  }
}
