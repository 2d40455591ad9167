/// The names in the directory of a sweep.
package struct SweepPaths: Sendable, Hashable {
  /// The files of the sweep itself, beside the cells.
  package static let names: Set = ["sweep.json", "results.csv", "summary.csv", "lock"]

  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// What the sweep consists of, every cell spelt out.
  package var definition: String { path("sweep.json") }
  /// A row a run.
  package var results: String { path("results.csv") }
  /// A row a cell.
  package var summary: String { path("summary.csv") }
  /// Held by the process that works on the sweep, which it names.
  package var lock: String { path("lock") }

  /// The run directory of the cell `name` with a seed.
  package func run(cell name: String, seed: UInt64) -> String { path("\(name)/seed-\(seed)") }

  private func path(_ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }
}
