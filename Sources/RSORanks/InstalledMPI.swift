/// The library that `make mpi` builds, as it was found and loaded.
package struct InstalledMPI: Sendable, Hashable {
  package var path: String
  /// The name and version of the MPI library that it was built with.
  package var library: String

  package init(path: String, library: String) {
    self.path = path
    self.library = library
  }
}
