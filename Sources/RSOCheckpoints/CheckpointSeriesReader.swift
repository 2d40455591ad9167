import HDF5Isolation
import RSOSystem

/// Reads many checkpoint files, one after the other.
///
/// `CheckpointReader` starts a program for each file. This reader starts one for all of its files: see
/// `ContentsServer`. The checks and the errors are the same.
package struct CheckpointSeriesReader: Sendable {
  private let server: ContentsServer

  package init() { server = ContentsServer() }

  /// Reads the file at `path`.
  ///
  /// *Throws:* `CheckpointError`.
  package func read(_ path: String) throws(CheckpointError) -> SealedCheckpoint {
    try CheckpointReader.read(path) { bytes, path throws(CheckpointError) in
      do throws(ContentsProcessError) {
        return try server.contents(of: bytes)
      } catch {
        throw CheckpointError(error, path: path)
      }
    }
  }
}
