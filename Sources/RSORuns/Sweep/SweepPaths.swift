import RSOSystem

/// The names in the directory of a sweep.
package struct SweepPaths: Sendable, Hashable {
  /// The files of the sweep itself, beside the directories of its cells.
  private enum File: String, CaseIterable {
    case definition = "sweep.json"
    case results = "results.csv"
    case summary = "summary.csv"
    case lock
  }

  /// Names that no cell can have.
  package static let taken = Set(File.allCases.map(\.rawValue))

  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// The sweep with every cell written out.
  package var definition: String { path(File.definition.rawValue) }
  /// One row per run.
  package var results: String { path(File.results.rawValue) }
  /// One row per cell.
  package var summary: String { path(File.summary.rawValue) }
  /// The lock file. It names the process that works on the sweep.
  package var lock: String { path(File.lock.rawValue) }

  /// The run directory of the cell `name` with a seed.
  package func run(cell name: String, seed: UInt64) -> String { path("\(name)/seed-\(seed)") }

  private func path(_ name: String) -> String { Path.joined(directory, name) }
}
