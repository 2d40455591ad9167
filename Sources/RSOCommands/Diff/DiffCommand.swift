import ArgumentParser
import RSOCheckpoints
import RSORuns
import RSOSystem

/// `rso diff`: compares two checkpoints.
package struct DiffCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso diff",
    abstract: "Show how two checkpoints differ.",
    discussion: """
      The first line says how they are related: identical, one a later state of the other, diverged \
      from a cycle on, or unrelated. Then come the differences, section by section. Clocks, hosts and \
      paths never count. The exit status is 0 without differences, 1 with differences, and 2 for an \
      error.
      """,
    version: Version.current)

  private static let tolerance = OptionText.number(
    "a number, 0 or more", in: 0...Double.greatestFiniteMagnitude)

  @Argument(
    help: "A checkpoint, a run directory (its newest state), RUN@40, or a file of arrays.",
    completion: .file())
  var first: String

  @Argument(help: "Another one.", completion: .file())
  var second: String

  @Option(
    help: ArgumentHelp(
      "Treat numbers as equal if they differ by at most this share of the larger one.",
      valueName: "x"), transform: tolerance)
  var rtol = 0.0

  @Option(
    help: ArgumentHelp("Treat numbers as equal if they differ by at most this.", valueName: "x"),
    transform: tolerance)
  var atol = 0.0

  @Option(
    help: ArgumentHelp(
      "Compare only objects whose name matches, such as 'parameters/conv*'. May be repeated.",
      valueName: "glob"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Ignore objects whose name matches. May be repeated.", valueName: "glob"))
  var ignore: [String] = []

  @Flag(help: "Print only one line for each object that differs.")
  var stat = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(
    name: .shortAndLong, help: "Print only the first line, or nothing without differences.")
  var quiet = false

  @OptionGroup var colors: ColorOptions

  package static let failureStatus: Int32? = 2

  package init() {}

  package func validate() throws {
    if json, stat || quiet {
      throw ValidationError("--json prints everything; leave out --stat and --quiet")
    }
  }

  package func run() throws {
    let (a, b) = (try FoundFile(first), try FoundFile(second))
    Self.warn(try a.warnings() + b.warnings())
    var relation: RunRelation?
    if case .checkpoint(let one) = a, case .checkpoint(let other) = b {
      relation = try RunRelation(one.stored, other.stored)
    }
    let objects = (try objects(of: a), try objects(of: b))
    for pattern in only
    where !(objects.0 + objects.1).contains(where: { NamePattern(pattern).matches($0.name) }) {
      throw ValidationError(
        "--only '\(printable(pattern))': matches no object in either file")
    }
    let differences = ObjectDifference.all(
      from: objects.0, to: objects.1,
      tolerance: Tolerance(relative: rtol, absolute: atol))
    let report = DifferenceReport(
      first: first, second: second, relation: relation, differences: differences)
    if json {
      try answer(try JSONText.encode(report.json))
    } else if !quiet {
      try answer(stat ? report.summary(colors.palette) : report.text(colors.palette))
    } else if !differences.isEmpty {
      try answer(report.headline + "\n")
    }
    if !differences.isEmpty { throw ExitCode(1) }
  }

  private func objects(of file: FoundFile) throws -> [ComparedObject] {
    let all =
      switch file {
      case .checkpoint(let found): try ComparedObject.all(of: found.stored.checkpoint)
      case .tensors(let file): ComparedObject.all(of: try FoundTensors(file).tensors)
      case .hdf5(let bytes, let path):
        ComparedObject.all(of: try FoundTensors.hdf5(bytes, path: path).tensors)
      }
    let (only, ignore) = (only.map(NamePattern.init), ignore.map(NamePattern.init))
    return all.filter { object in
      (only.isEmpty || only.contains { $0.matches(object.name) })
        && !ignore.contains { $0.matches(object.name) }
    }
  }
}
