import ArgumentParser
import RSOCheckpoints
import RSORuns

/// `rso diff`: how two checkpoints differ.
package struct DiffCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso diff",
    abstract: "Tell how two checkpoints differ.",
    discussion: """
      Says first how they are akin: identical, one the other some cycles on, of one seed and \
      diverged in some cycle, or unrelated; then what differs, section by section. Clocks, hosts and \
      paths never count. The status is 0 where nothing differs, 1 where something does, and 2 for \
      trouble.
      """,
    version: Version.current)

  @Argument(
    help: "A checkpoint, a run directory (its newest state), RUN@40, or a file of arrays.",
    completion: .file())
  var first: String

  @Argument(help: "Another one.", completion: .file())
  var second: String

  @Option(
    help: ArgumentHelp(
      "Numbers differ that are further apart than this share of the larger one.", valueName: "x"))
  var rtol = 0.0

  @Option(help: ArgumentHelp("Numbers differ that are further apart than this.", valueName: "x"))
  var atol = 0.0

  @Option(
    help: ArgumentHelp(
      "Compare only what matches, such as 'parameters/conv*'; may be repeated.", valueName: "glob"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Leave out what matches; may be repeated.", valueName: "glob"))
  var ignore: [String] = []

  @Flag(help: "Only a line for each object that differs.")
  var stat = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print only how they are akin, and nothing if nothing differs.")
  var quiet = false

  @OptionGroup var colors: ColorOptions

  package static let failureStatus: Int32? = 2

  package init() {}

  package func validate() throws {
    for (name, value) in [("--rtol", rtol), ("--atol", atol)]
    where !(value >= 0 && value.isFinite) {
      throw ValidationError("\(name) \(value): expected a number of at least 0")
    }
    if json, stat || quiet { throw ValidationError("--json prints all; leave out the others") }
  }

  package func run() throws {
    let (a, b) = (try InspectedFile(first), try InspectedFile(second))
    var relation: RunRelation?
    if case .checkpoint(let one) = a, case .checkpoint(let other) = b {
      one.warn(program: "rso-diff")
      other.warn(program: "rso-diff")
      relation = try RunRelation(one.stored, other.stored)
    }
    let objects = (try objects(of: a), try objects(of: b))
    for pattern in only
    where !(objects.0 + objects.1).contains(where: { NamePattern(pattern).matches($0.name) }) {
      throw ValidationError("--only \(pattern): nothing to compare in either file is called so")
    }
    let differences = ObjectDifference.all(
      from: objects.0, to: objects.1,
      tolerance: Tolerance(relative: rtol, absolute: atol))
    let result = DifferenceAnswer(
      first: first, second: second, relation: relation, differences: differences)
    if json {
      try answer(try JSONText.encode(result.json, snakeCase: true))
    } else if !quiet {
      try answer(stat ? result.summary(colors.palette) : result.text(colors.palette))
    } else if !differences.isEmpty {
      try answer(result.headline + "\n")
    }
    if !differences.isEmpty { throw ExitCode(1) }
  }

  private func objects(of file: InspectedFile) throws -> [ComparedObject] {
    let all =
      switch file {
      case .checkpoint(let found): try ComparedObject.all(of: found.stored.checkpoint)
      case .tensors(let found, _, _): ComparedObject.all(of: found.tensors)
      }
    let (only, ignore) = (only.map(NamePattern.init), ignore.map(NamePattern.init))
    return all.filter { object in
      (only.isEmpty || only.contains { $0.matches(object.name) })
        && !ignore.contains { $0.matches(object.name) }
    }
  }
}
