import RSONetworks
import RSONumerics
import RSOSystem

/// The reasons why a search cannot begin or continue.
package enum SearchError: Error, Equatable {
  case invalidOption(name: String, value: String, expected: String)
  /// An option in a plan that a later version made.
  case unknownOption(String)
  /// Two options that cannot be combined.
  case incompatibleOptions(String, String, reason: String)
  /// A loss that is not defined for the targets of the data.
  case unsuitedLoss(Loss, LearningTask)
  /// A loss that is not defined for the targets of a set of samples: `training`, `validation` or `test`.
  case undefinedLoss(Loss, set: String)
  case dataMismatch(what: String, architecture: String, data: String)
  case unusableNormalization(channels: Int)
  /// A state that no search of its plan can reach; `object` is its path in a checkpoint.
  case invalidState(object: String, problem: String)
  case cyclesAlreadyDone(requested: Int, finished: Int)
  /// The objective is computed by a program, and nobody has said that it may run.
  case noProgram(ObjectiveCommand)
  /// No candidate of a step has a finite loss; `cycle` is 1 for the first cycle.
  case lossNotFinite(layer: String, cycle: Int)
  /// The search has failed in another group of ranks.
  case failedElsewhere(group: Int, reason: String)
}

extension SearchError: CustomStringConvertible {
  /// Names and values in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .invalidOption(let name, let value, let expected):
      "invalid \(name) '\(value)': expected \(expected)"
    case .unknownOption(let name):
      "unknown option '\(name)': a later version of rso made the plan; use that version"
    case .incompatibleOptions(let first, let second, let reason):
      "\(first) cannot be combined with \(second): \(reason)"
    case .unsuitedLoss(let loss, let task):
      "--loss \(loss.rawValue) does not suit \(task.rawValue); use "
        + Loss.all(for: task).map(\.rawValue).joined(separator: ", ")
    case .undefinedLoss(let loss, let set):
      "--loss \(loss.rawValue) is not defined for the \(set) set: it needs a class or label that some of its samples "
        + "have and others have not; choose other samples with --data, or another loss"
    case .dataMismatch(let what, let architecture, let data):
      "the data's \(what) is '\(data)', the network's '\(architecture)': choose other data with "
        + "--data, or a network for these data"
    case .unusableNormalization(let channels):
      "unusable normalisation: expected a finite mean and deviation for each of the data's "
        + "\(channels) channels"
    case .invalidState(let object, let problem):
      "the state of the search does not fit its plan: \(object): \(problem)"
    case .cyclesAlreadyDone(let requested, let finished):
      "cannot end after cycle \(requested): cycle \(finished) is finished; ask for more cycles"
    case .noProgram(let objective) where objective.name != nil:
      "the program that began the run computes its objective, '\(objective.name ?? "")'; continue it with that "
        + "program"
    case .noProgram(let objective):
      "a program computes the objective, and is run only if you give it: "
        + "--objective '\(objective)'"
    case .lossNotFinite(let layer, let cycle):
      "no candidate has a finite loss in layer '\(layer)' of cycle \(cycle): "
        + "start from smaller weights, or use a smaller --deviation-scale"
    case .failedElsewhere(let group, let reason):
      "group \(group + 1) of the ranks cannot go on: \(reason)"
    }
  }
}
