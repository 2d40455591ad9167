import RSOCheckpoints
import RSORuns
import RSOSystem

/// The runs of a sweep that have begun, in the order of cells and seeds.
struct SweepHistory {
  /// A run that has begun.
  struct Begun {
    var cell: SweepDefinition.Cell
    var seed: UInt64
    /// The run directory.
    var path: String
    var place: RunHistory.SweepPlace
    var checkpoint: Checkpoint
  }

  let definition: SweepDefinition
  let directory: String
  let begun: [Begun]

  /// Returns nil if the directory is not a sweep's.
  init?(_ directory: String) throws {
    guard let definition = try Self.definition(in: directory) else { return nil }
    let paths = SweepPaths(directory: directory)
    self.definition = definition
    self.directory = directory
    begun = try definition.cells.flatMap { cell in
      try definition.seeds.compactMap { seed in
        let run = paths.run(cell: cell.name, seed: seed)
        return try SweepRun.newest(in: run).map {
          Begun(
            cell: cell, seed: seed, path: run,
            place: .init(sweep: definition.name, cell: cell.name), checkpoint: $0)
        }
      }
    }
  }

  /// Returns the definition of a sweep; nil if the directory is not a sweep's.
  private static func definition(in directory: String) throws -> SweepDefinition? {
    let paths = SweepPaths(directory: directory)
    guard FileSystem.exists(paths.definition) else { return nil }
    let content = try SweepFile(path: paths.definition, scaled: false)
    do {
      return try SweepCells.definition(of: content)
    } catch {
      throw CommandError.badSweep(paths.definition, reason: "\(error)")
    }
  }

  /// Returns the directory of the sweep and those of all its runs, whether they have begun or not; nil if the
  /// directory is not a sweep's.
  static func places(in directory: String) throws -> [String]? {
    let paths = SweepPaths(directory: directory)
    return try definition(in: directory).map { definition in
      [directory]
        + definition.cells.flatMap { cell in
          definition.seeds.map { paths.run(cell: cell.name, seed: $0) }
        }
    }
  }

  /// Returns the directories of the runs that have begun; nil if the directory is not a sweep's.
  static func directories(in path: String) throws -> [String]? {
    try SweepHistory(path)?.begun.map(\.path)
  }
}
