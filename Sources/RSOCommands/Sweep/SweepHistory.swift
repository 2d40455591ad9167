import RSOCheckpoints
import RSORuns
import RSOSystem

/// The runs of a sweep.
enum SweepHistory {
  /// A run that has begun.
  private struct Begun {
    var place: RunHistory.SweepPlace
    var path: String
    var checkpoint: Checkpoint
  }

  /// Returns the histories of the runs that have begun, in the order of cells and seeds; nil if the
  /// directory is not a sweep's.
  static func runs(in path: String) throws -> [RunHistory]? {
    try begun(in: path)?.map { try RunHistory(name: $0.path, place: $0.place, $0.checkpoint) }
  }

  /// Returns the directories of the runs that have begun; nil if the directory is not a sweep's.
  static func directories(in path: String) throws -> [String]? {
    try begun(in: path)?.map(\.path)
  }

  private static func begun(in path: String) throws -> [Begun]? {
    let paths = SweepPaths(directory: path)
    guard FileSystem.exists(paths.definition) else { return nil }
    let content = try SweepFile(path: paths.definition, scaled: false)
    let definition: SweepDefinition
    do {
      definition = try SweepCells.definition(of: content)
    } catch {
      throw CommandError.badSweep(paths.definition, reason: "\(error)")
    }
    return try definition.cells.flatMap { cell in
      try definition.seeds.compactMap { seed in
        let run = paths.run(cell: cell.name, seed: seed)
        return try SweepRun.newest(in: run).map {
          Begun(place: .init(sweep: definition.name, cell: cell.name), path: run, checkpoint: $0)
        }
      }
    }
  }
}
