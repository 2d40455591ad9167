import Foundation

/// The programs that do a sweep's runs.
struct SweepProgram: Sendable {
  let train: String
  let resume: String

  /// *Throws:* `CommandError.cannotOpen` where one is missing.
  init() throws {
    let finder = VerbFinder(
      executable: Bundle.main.executablePath ?? CommandLine.arguments.first ?? "rso-sweep",
      path: getenv("PATH").map { String(cString: $0) } ?? "")
    func find(_ verb: String) throws -> String {
      guard let program = finder.program(for: verb) else {
        throw CommandError.cannotOpen("rso-\(verb)", reason: "no such program beside rso-sweep")
      }
      return program
    }
    train = try find("train")
    resume = try find("resume")
  }

  /// The command that begins a run, or goes on with it.
  func command(
    for run: SweepRun, threads: Int, isQuiet: Bool
  ) -> (program: String, arguments: [String]) {
    let how = ["--threads=\(threads)", "--stop-at-eof"] + (isQuiet ? ["--quiet"] : [])
    if run.checkpoint == nil {
      return (
        train,
        SweepRun.arguments(of: run.cell, seed: run.seed) + ["--output=\(run.path)"] + how
      )
    }
    var arguments = Self.kept.compactMap { option in
      run.cell.options[option].flatMap { $0.argument(for: option) }
    }
    if let data = run.cell.options["data"]?.argument(for: "data") { arguments.append(data) }
    return (resume, arguments + how + ["--", run.path])
  }

  /// Options of `rso train` that no checkpoint remembers.
  private static let kept = ["keep-last", "keep-every", "save-interval"]
}
