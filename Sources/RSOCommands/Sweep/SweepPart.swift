import ArgumentParser
import RSOSystem

/// The options of `rso sweep` by which several processes share a sweep, such as the tasks of a job array.
struct SweepPartOptions: ParsableArguments {
  @Flag(help: "Print the number of cells, and do nothing.")
  var cells = false

  @Option(
    help: ArgumentHelp(
      "Train the runs of one cell, numbered from 1. Other processes may train other cells at the same "
        + "time.", valueName: "k"), transform: OptionText.whole(1...Int.max))
  var cell: Int?

  @Flag(help: "Train nothing: collect the results of all runs as they are.")
  var collect = false

  func validate() throws {
    let given = [("--cells", cells), ("--cell", cell != nil), ("--collect", collect)].filter(\.1)
    if given.count > 1 {
      throw ValidationError("\(given[0].0) and \(given[1].0) exclude each other; give one of them")
    }
  }

  /// The part of a sweep that is to be trained.
  ///
  /// - Parameter file: For the message.
  ///
  /// *Throws:* `ValidationError` if the sweep has no such cell.
  func part(of definition: SweepDefinition, file: String) throws -> SweepDefinition {
    guard let cell else { return definition }
    guard cell <= definition.cells.count else {
      throw ValidationError(
        "invalid cell '\(cell)': expected 1 to \(definition.cells.count), the cells of "
          + quotedPath(file))
    }
    return SweepDefinition(
      name: definition.name, about: definition.about, cells: [definition.cells[cell - 1]],
      seeds: definition.seeds)
  }
}
