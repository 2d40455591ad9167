import Foundation
import RSORuns

/// How the runs of a sweep went.
enum SweepHistory {
  /// The runs that have begun, in the order of cells and seeds; nil for what is no sweep's directory.
  static func runs(in path: String) throws -> [RunHistory]? {
    let paths = SweepPaths(directory: path)
    guard FileManager.default.fileExists(atPath: paths.definition) else { return nil }
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
