import RSOCheckpoints
import Synchronization

/// Keeps the checkpoint of a run at its last boundary, a position between two neurons, and saves
/// it.
///
/// It is a class that can be used from any thread: while the search is inside a long evaluation, a
/// signal must be able to have the last boundary written.
package final class BoundarySaver: Sendable {
  private struct Content {
    var store: CheckpointStore
    var checkpoint: Checkpoint
    var isSaved = false
    /// The run has ended; nothing more is written.
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

  /// Writes the last boundary unless it is written. Returns the path of the file that holds it.
  ///
  /// *Throws:* the errors of `CheckpointStore.save`.
  @discardableResult
  package func save() throws -> String {
    try content.withLock { try save(&$0) }
  }

  /// The result of saving the last state of a run.
  package struct Conclusion: Sendable {
    /// The file that holds the state.
    package var path: String
    /// The reason why another file could not be written; nil if all were.
    package var missing: String?
  }

  /// Writes the last boundary unless it is written. This is the last thing that a run does.
  ///
  /// *Throws:* `RunError.endedUnsaved`.
  @discardableResult
  package func conclude() throws -> Conclusion {
    try content.withLock { content in
      content.isConcluded = true
      return try concluding { try save(&content) }
    }
  }

  /// Concludes a run that does not react to a signal, from another thread. Does nothing if the run
  /// has concluded by itself.
  ///
  /// - Parameter end: Called with the result while the run is held at its next boundary; it ends the
  ///   process.
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
