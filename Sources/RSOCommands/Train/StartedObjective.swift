import RSONetworks
import RSORanks
import RSORuns
import RSOSearch

/// The signals that ask a run to stop, and the program that computes its objective, if a program does.
struct StartedObjective {
  let interruption: Interruption
  /// The program; nil on ranks other than the first of a group, in a dry run, and where rso computes the objective.
  let process: ObjectiveProcess?
  private let isProgram: Bool

  /// Starts the program that the plan names. The user must have given its command: see
  /// `PlanRequest.differences` and `Resumption`.
  ///
  /// - Parameter starts: False to start nothing.
  ///
  /// *Throws:* `ObjectiveError`.
  init(_ plan: SearchPlan, ranks: RunRanks, options: RunOptions, starts: Bool) throws {
    // A launcher that is told to stop kills its processes after a second: the state is saved before.
    let isAlone = ranks.launch == nil
    let interruption = Interruption(grace: isAlone ? 1 : 0.3)
    self.interruption = interruption
    isProgram = plan.options.loss == .program
    process =
      isProgram && starts && ranks.isFirstOfGroup(plan)
      ? try ObjectiveProcess(
        plan.options.objectiveCommand, task: plan.data.learningTask, outputs: plan.data.outputs,
        // Several ranks stop together, between two neurons.
        settings: options.objective.settings { isAlone && interruption.signal != nil }) : nil
  }

  /// The program as a rank sees it; nil where rso computes the objective.
  func program(_ ranks: any Ranks) -> (any ObjectiveProgram)? {
    guard isProgram else { return nil }
    return ranks.count > 1 ? RankedObjective(process, ranks: ranks) : process
  }
}
