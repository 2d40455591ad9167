import ArgumentParser
import RSOCheckpoints
import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// `rso diff`: compares two checkpoints.
package struct DiffCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso diff",
    abstract: "Show how two checkpoints differ.",
    discussion: """
      The first line says how they are related: identical, one a later state of the other, diverged \
      from a cycle on, or unrelated. Then come the differences, section by section. Clocks, hosts and \
      paths never count. Files of other programs are compared tensor by tensor. The exit status is 0 \
      without differences, 1 with differences, and 2 for an error, or if nothing differs and something \
      was not compared.
      """,
    version: Version.current)

  private static let tolerance = OptionText.number(
    "a number, 0 or more", in: 0...Double.greatestFiniteMagnitude)

  @Argument(
    help: "A checkpoint, a run directory (its newest state), RUN@40, or a file of tensors.",
    completion: .run)
  var first: String

  @Argument(help: "Another one.", completion: .run)
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

  @Option(
    name: .customLong("map"),
    help: ArgumentHelp(
      "Names of the first file that match FROM have the name TO in the second one, such as "
        + "'encoder.*=model.*'; or 'keras', for names and layouts of Keras and PyTorch. May be repeated.",
      valueName: "from=to"))
  var maps: [String] = []

  @Flag(help: "Print the rank of each matrix's change, by its singular values.")
  var spectrum = false

  @Option(
    help: ArgumentHelp(
      "Draw how each layer changed, as SVG or PNG.", valueName: "file"), completion: .file())
  var plot: String?

  @Flag(help: "Replace the file of --plot.")
  var force = false

  @Flag(help: "Print only one line for each object that differs.")
  var stat = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(
    name: .shortAndLong, help: "Print only the first line, or nothing without differences.")
  var quiet = false

  @OptionGroup var colors: ColorOptions
  @OptionGroup var threads: ThreadOptions

  package static let failureStatus: Int32? = 2

  package init() {}

  package func validate() throws {
    if json, stat || quiet {
      throw ValidationError("--json prints everything; leave out --stat and --quiet")
    }
    if let plot { try OutputFile.checkPicture(plot) }
    if force, plot == nil { throw ValidationError("--force needs --plot") }
    for map in maps where map != "keras" { _ = try Self.rule(map) }
  }

  package func run() throws {
    let target = plot.map { OutputFile(path: $0, replaces: force) }
    try target?.check()
    let (a, b) = (try FoundFile(first), try FoundFile(second))
    Self.warn(try a.warnings() + b.warnings())
    if let target {
      let difference = try fileDifference(a, b)
      let title = "\(Path.name(of: first)) and \(Path.name(of: second))"
      try target.writePicture(ChangePlot.svg(difference, title: title))
    }
    if case .checkpoint(let one) = a, case .checkpoint(let other) = b {
      guard maps.isEmpty, !spectrum else {
        throw ValidationError(
          "--map and --spectrum are for files of other programs; leave them out for two checkpoints"
        )
      }
      return try compare(one, other)
    }
    let difference = try fileDifference(a, b)
    let report = FileDifferenceReport(first: first, second: second, difference: difference)
    if json {
      try answer(try report.json())
    } else if !quiet {
      try answer(stat ? report.summary(colors.palette) : report.text(colors.palette))
    } else if difference.status != 0 {
      try answer(report.headline + "\n")
    }
    if difference.status != 0 { throw ExitCode(difference.status) }
  }

  // MARK: Checkpoints

  private func compare(_ one: FoundCheckpoint, _ other: FoundCheckpoint) throws {
    let objects = (
      try selected(try ComparedObject.all(of: one.stored.checkpoint)),
      try selected(try ComparedObject.all(of: other.stored.checkpoint))
    )
    try checkPatterns { pattern in
      (objects.0 + objects.1).contains { pattern.matches($0.name) }
    }
    let differences = ObjectDifference.all(
      from: objects.0, to: objects.1,
      tolerance: Tolerance(relative: rtol, absolute: atol))
    let report = DifferenceReport(
      first: first, second: second, relation: try RunRelation(one.stored, other.stored),
      differences: differences)
    if json {
      try answer(try JSONText.encode(report.json))
    } else if !quiet {
      try answer(stat ? report.summary(colors.palette) : report.text(colors.palette))
    } else if !differences.isEmpty {
      try answer(report.headline + "\n")
    }
    if !differences.isEmpty { throw ExitCode(1) }
  }

  private func selected(_ objects: [ComparedObject]) throws -> [ComparedObject] {
    let (only, ignore) = (only.map(NamePattern.init), ignore.map(NamePattern.init))
    return objects.filter { object in
      (only.isEmpty || only.contains { $0.matches(object.name) })
        && !ignore.contains { $0.matches(object.name) }
    }
  }

  /// *Throws:* `ValidationError` for a pattern of `--only` that matches nothing.
  private func checkPatterns(_ matches: (NamePattern) -> Bool) throws {
    for pattern in only where !matches(NamePattern(pattern)) {
      throw ValidationError(
        "--only '\(printable(pattern))': matches no object in either file")
    }
  }

  // MARK: Files of tensors

  private func fileDifference(_ a: FoundFile, _ b: FoundFile) throws -> FileDifference {
    let (one, other) = (try a.tensorFile(comparedWith: b), try b.tensorFile(comparedWith: a))
    var options = FileDifference.Options()
    options.tolerance = ComparisonTolerance(relative: rtol, absolute: atol)
    options.isKeras = maps.contains("keras")
    options.rules = try maps.filter { $0 != "keras" }.map(Self.rule)
    options.ignore = ignore.map(NamePattern.init)
    options.hasSpectra = spectrum
    try checkPatterns { pattern in
      var options = FileDifference.Options()
      options.only = [pattern]
      return (one.entries + other.entries).contains { options.selects($0.name) }
    }
    options.only = only.map(NamePattern.init)
    return FileDifference(one, other, options: options, threads: threads.count)
  }

  private static func rule(_ text: String) throws -> NameRule {
    guard let rule = NameRule(text) else {
      throw ValidationError(
        "invalid map '\(printable(text))': expected keras, or FROM=TO with no more '*' in TO than in "
          + "FROM, such as 'encoder.*=model.*'")
    }
    return rule
  }
}
