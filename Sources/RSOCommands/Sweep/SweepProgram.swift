import RSOSystem

/// The program that trains the runs of a sweep: this program, in one process per run.
struct SweepProgram: Sendable {
  private let program = OwnProgram.path
  /// The runs may continue without locks (`--no-lock`).
  let isUnlocked: Bool
  let device: DeviceChoice
  /// The directory of `--tensorboard`.
  let curves: String?

  /// Returns the command that starts or continues a run.
  func command(
    for run: SweepRun, threads: Int, isQuiet: Bool
  ) -> (program: String, arguments: [String]) {
    let how =
      ["--threads=\(threads)", "--stop-at-eof"] + (isQuiet ? ["--quiet"] : [])
      + (isUnlocked ? ["--no-lock"] : [])
      + (device == .processor ? [] : ["--device=\(device)"])
      + (curves.map { ["--tensorboard=\(run.curves(in: $0))"] } ?? [])
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
    // A run whose objective a program computes is continued only if its command is given again.
    if let objective = run.cell.options["objective"]?.argument(for: "objective") {
      arguments.append(objective)
    }
    if let data = run.cell.options["data"]?.argument(for: "data") { arguments.append(data) }
    return (program, ["resume"] + arguments + how + ["--", run.path])
  }

  /// Options of `rso train` that a checkpoint does not record.
  private static let kept = [
    "keep-last", "keep-every", "save-interval", "no-lock", "objective-timeout",
  ]
}
