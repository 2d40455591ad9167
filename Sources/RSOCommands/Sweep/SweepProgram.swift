import RSOSystem

/// The program that does a sweep's runs: this one, in processes of their own.
struct SweepProgram: Sendable {
  private let program = OwnProgram.path
  /// The runs may go on without locks.
  let isUnlocked: Bool

  /// The command that begins a run, or goes on with it.
  func command(
    for run: SweepRun, threads: Int, isQuiet: Bool
  ) -> (program: String, arguments: [String]) {
    let how =
      ["--threads=\(threads)", "--stop-at-eof"] + (isQuiet ? ["--quiet"] : [])
      + (isUnlocked ? ["--no-lock"] : [])
    if run.checkpoint == nil {
      return (
        program,
        ["train"] + SweepRun.arguments(of: run.cell, seed: run.seed) + ["--output=\(run.path)"]
          + how
      )
    }
    var arguments = Self.kept.compactMap { option in
      run.cell.options[option].flatMap { $0.argument(for: option) }
    }
    if let data = run.cell.options["data"]?.argument(for: "data") { arguments.append(data) }
    return (program, ["resume"] + arguments + how + ["--", run.path])
  }

  /// Options of `rso train` that no checkpoint remembers.
  private static let kept = ["keep-last", "keep-every", "save-interval"]
}
