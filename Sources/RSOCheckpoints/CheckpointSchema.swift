import RSONetworks
import RSONumerics

/// Every name in a checkpoint file, and the format's version.
package enum CheckpointSchema {
  /// The version of the files that are written. Older files are read as well. Each part that a
  /// later version added states its version.
  package static let version = FormatVersion(major: 2, minor: 3)

  /// The value of the root attribute `format`.
  package static let format = "rso checkpoint"

  /// The largest file that is read or written, in bytes: 1 GiB.
  package static let maximumFileSize = 1 << 30

  /// Attributes of the root group.
  package enum Root {
    package static let format = "format"
    package static let formatVersion = "format_version"
    package static let generator = "generator"
    package static let runID = "run_id"
    package static let stateSHA256 = "state_sha256"
    package static let all = [format, formatVersion, generator, runID, stateSHA256]
  }

  /// Members of the root group.
  package static let plan = "plan"
  package static let architecture = "architecture"
  package static let parameters = "parameters"
  /// Absent inside a cycle.
  package static let statistics = "statistics"
  /// A group with the entries of `StateEntry.all`.
  package static let search = "search"
  package static let random = "random"
  package static let history = "history"
  package static let provenance = "provenance"

  /// Attribute of a group in `parameters`: the layer's index in the order of evaluation.
  package static let position = "position"

  /// Members of a group in `parameters`.
  package static func tensor(_ kind: ParameterKind) -> String { kind.rawValue }

  /// Members of a group in `statistics`.
  package enum Statistics {
    package static let mean = "mean"
    package static let variance = "variance"
  }

  /// Members of `random`.
  package enum Random {
    package static let algorithm = "algorithm"
    package static let key = "key"
    package static let counter = "counter"
    package static let all = [algorithm, key, counter]
  }

  /// The value of `random/algorithm`.
  package static let algorithm = "philox4x64-10"

  /// The name of a purpose in `random/key` and `random/counter`.
  package static func name(of purpose: RandomPurpose) -> String {
    switch purpose {
    case .initialization: "initialization"
    case .proposal: "proposal"
    case .minibatch: "minibatch"
    }
  }

  /// The meaning of the four words of a purpose's counter. Layers are counted in the order of evaluation;
  /// all counts begin with 0.
  package static func counter(of purpose: RandomPurpose) -> String {
    switch purpose {
    case .initialization: "block, layer, 0, 0"
    case .proposal: "block, parameter of the layer in the order of visits, layer, cycle"
    case .minibatch: "block, draw of the layer, layer, cycle"
    }
  }

  /// Members of `history`, each with one row per finished cycle.
  package enum History {
    package static let cycle = "cycle"
    package static let trainingLoss = "training_loss"
    /// NaN in a cycle after which the test set was not measured.
    package static let testLoss = "test_loss"
    /// NaN as well for tasks other than classification.
    package static let testAccuracy = "test_accuracy"
    /// These two are absent without a validation set, and before version 2.3.
    package static let validationLoss = "validation_loss"
    package static let validationAccuracy = "validation_accuracy"
    package static let evaluations = "evaluations"
    package static let seconds = "seconds"
    /// (finished cycles, layers, 3): kept, plus, minus.
    package static let choices = "choices"
    package static let required = [
      cycle, trainingLoss, testLoss, testAccuracy, evaluations, seconds, choices,
    ]
    package static let ofValidation = [validationLoss, validationAccuracy]
  }

  /// Attributes of `provenance`.
  package enum Provenance {
    package static let version = "version"
    package static let numericPath = "numeric_path"
    package static let instructionSet = "instruction_set"
    package static let host = "host"
    package static let created = "created"
    package static let saved = "saved"
    package static let resumes = "resumes"
    /// Absent in a run that was never resumed.
    package static let resumedFrom = "resumed_from"
    package static let secondsInCycle = "seconds_in_cycle"
    /// Absent in a run that a single version trained on a single numeric path.
    package static let differentBits = "different_bits"
    /// Absent in a checkpoint that was never edited.
    package static let resealed = "resealed"
    /// The absolute path of the data, escaped; absent where it is unknown, and before version 2.2.
    package static let dataPath = "data_path"
    /// The path of the data relative to the run directory, escaped; only beside `dataPath`.
    package static let dataPathRelative = "data_path_relative"
    /// The choices about reading the data, as JSON; absent where the data leave no choice, and before version 2.3.
    package static let dataRequest = "data_request"
    /// The number of earlier ends of the run at which the test set was measured; absent if there are none, and
    /// before version 2.3.
    package static let testedEnds = "tested_ends"
    package static let required = [
      version, numericPath, instructionSet, host, created, saved, resumes, secondsInCycle,
    ]

    package static func optional(in version: FormatVersion) -> Set<String> {
      let always: Set = [resumedFrom, differentBits, resealed]
      let ofPlace: Set = [dataPath, dataPathRelative]
      return switch version {
      case ..<FormatVersion(major: 2, minor: 2): always
      case ..<FormatVersion(major: 2, minor: 3): always.union(ofPlace)
      default: always.union(ofPlace).union([dataRequest, testedEnds])
      }
    }
  }
}
