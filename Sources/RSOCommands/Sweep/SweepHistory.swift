import RSORuns
import RSOSystem

/// The histories of the runs of a sweep.
enum SweepHistory {
  /// Returns the runs that have begun, in the order of cells and seeds; nil if the directory is not a
  /// sweep's.
  static func runs(in path: String) throws -> [RunHistory]? {
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
          try RunHistory(name: run, place: .init(sweep: definition.name, cell: cell.name), $0)
        }
      }
    }
  }
}
