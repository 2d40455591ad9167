import ArgumentParser
import RSOSystem

/// `rso doctor`: finds out what this machine offers, and what would fail.
package struct DoctorCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso doctor",
    abstract: "Show what this machine offers, and what would fail.",
    discussion: """
      Examines processor, memory, limits, libraries and data, and tries in a directory what a run does \
      there: save, replace and lock a file. The file is removed again. For whatever would fail, or work \
      less well, it says what to do. The exit status is 0 if nothing would fail, and 1 otherwise.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "The directory in which runs are to be; one that does not exist is looked for in its parent. "
        + "(default: the working directory)",
      valueName: "path"),
    completion: .directory)
  var path: String?

  package func validate() throws {
    if path == "" { throw ValidationError("the path is empty: name a directory") }
  }

  @OptionGroup var color: ColorOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  package init() {}

  package func run() throws {
    let report = DoctorReport(machine: .current(), place: PlaceFacts(of: path ?? "."))
    try answer(json ? try report.json() : report.text(color.palette))
    if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
  }
}
