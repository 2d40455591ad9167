import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

extension CheckpointFile {
  /// The beginning of a run.
  ///
  /// - Throws: An error if the plan's first parameters do not fit it.
  public init(beginning plan: Plan) throws {
    self.init(
      try Checkpoint.initial(
        plan: plan.plan, environment: Self.environment, date: RunClock.system.date(),
        parameters: plan.parameters))
  }

  /// The newest state of a run that is saved at `path`, or the run's beginning if there is no such file. So a
  /// program that was killed continues when it is started again.
  ///
  /// - Throws: An error if the file is damaged, or holds a run of another plan. The number of cycles may differ: the
  ///   file's counts.
  public init(at path: String, orBeginning plan: Plan) throws {
    guard FileSystem.exists(path) else {
      try self.init(beginning: plan)
      return
    }
    try self.init(contentsOf: path)
    guard checkpoint.plan.isOfSameRun(as: plan.plan) else {
      throw LibraryError(
        "'\(path)' holds a run of another plan; choose another file, or remove it to begin anew")
    }
  }

  /// This program and machine, as checkpoints describe them.
  static var environment: RunEnvironment {
    RunEnvironment(
      version: Version.current, equalBits: Version.equalBits,
      instructionSet: (try? Backends.standard.backend(for: .f32).device(for: .f32)) ?? "unknown",
      numericPaths: Backends.standard.offeredPaths.map(\.name))
  }

  /// The checkpoint with which a run continues in this program.
  func continued() throws -> Checkpoint {
    try sealed?.resumed(in: Self.environment) ?? checkpoint
  }
}
