import RSOCheckpoints
import RSODatasets
import RSOSystem

/// Records where a run's data are, and finds them again without `--data`.
package enum RunData {
  /// The place of a data set, to be recorded in a run directory that exists. Nil for a data set that was
  /// made in memory, and for a path that a checkpoint cannot hold.
  package static func place(of dataset: Dataset, run directory: String) -> DataPlace? {
    guard let place = dataset.place, let directory = FileSystem.resolved(directory) else {
      return nil
    }
    return DataPlace(path: place, runDirectory: directory)
  }

  /// The paths at which the data of a checkpoint may be, best first: relative to the run directory, in
  /// case both were moved, then absolute.
  ///
  /// - Parameter path: The checkpoint's file, or the run directory.
  package static func paths(of provenance: Provenance, near path: String) -> [String] {
    guard let place = provenance.dataPlace else { return [] }
    let directory = FileSystem.isDirectory(path) ? path : Path.parent(of: path)
    return place.candidates(runDirectory: FileSystem.resolved(directory) ?? directory)
      .map { Path.absolute($0) }
  }
}
