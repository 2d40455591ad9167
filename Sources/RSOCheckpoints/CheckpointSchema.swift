import RSONetworks
import RSONumerics

/// Every name in a checkpoint file, and the format's version.
package enum CheckpointSchema {
  /// Of the files that are written. Older ones are read, too; what they lacked is said where it was
  /// added.
  package static let version = FormatVersion(major: 2, minor: 2)

  /// The value of the root attribute `format`.
  package static let format = "rso checkpoint"

  /// Larger files are not read.
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
  /// Absent while a cycle is under way.
  package static let statistics = "statistics"
  package static let search = "search"
  package static let random = "random"
  package static let history = "history"
  package static let provenance = "provenance"

  /// Attribute of a group in `parameters`: the layer's place in the order of evaluation, from 0.
  package static let position = "position"

  /// Members of a group in `parameters`.
  package static func tensor(_ kind: ParameterKind) -> String { kind.rawValue }

  /// Members of a group in `statistics`.
  package enum Statistics {
    package static let mean = "mean"
    package static let variance = "variance"
  }

  /// Members of `search`.
  package enum Search {
    /// (3): finished cycles, layer, neuron.
    package static let cursor = "cursor"
    /// (layers): before any scaling.
    package static let initialDeviation = "initial_deviation"
    /// (finished cycles, layers): as they were used.
    package static let deviation = "deviation"
    /// (layers, 3): kept, plus, minus in the cycle under way.
    package static let choices = "choices"
    /// Scalar: of the chosen candidates' losses in the cycle under way.
    package static let lossSum = "loss_sum"
    /// Scalar: steps whose losses are summed. Not in version 1, where all steps' were.
    package static let comparisons = "comparisons"
    /// Scalar: candidate losses evaluated in the cycle under way.
    package static let evaluations = "evaluations"
    /// (parameters of the cursor's layer): as they were when the layer was begun. Only inside a layer
    /// whose neurons are searched as if at the same time; not in version 1.
    package static let layerParameters = "layer_parameters"

    /// (layers): what the deviations are multiplied by. Only where they follow the steps' success; not
    /// before version 2.1.
    package static let deviationFactor = "deviation_factor"

    package static func required(in version: FormatVersion) -> [String] {
      [cursor, initialDeviation, deviation, choices, lossSum, evaluations]
        + (version.major >= 2 ? [comparisons] : [])
    }
    package static func optional(in version: FormatVersion) -> Set<String> {
      switch (version.major, version.minor) {
      case (...1, _): []
      case (2, 0): [layerParameters]
      default: [layerParameters, deviationFactor]
      }
    }
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

  /// The name of a purpose, in `random/key` and in `random/counter`.
  package static func name(of purpose: RandomPurpose) -> String {
    switch purpose {
    case .initialization: "initialization"
    case .proposal: "proposal"
    case .minibatch: "minibatch"
    }
  }

  /// What the four words of a purpose's counter are, the first one first. Layers are counted in the
  /// order of evaluation, everything from 0.
  package static func counter(of purpose: RandomPurpose) -> String {
    switch purpose {
    case .initialization: "block, layer, 0, 0"
    case .proposal: "block, parameter of the layer in the order of visits, layer, cycle"
    case .minibatch: "block, draw of the layer, layer, cycle"
    }
  }

  /// Members of `history`, each with a row for every finished cycle.
  package enum History {
    package static let cycle = "cycle"
    package static let trainingLoss = "training_loss"
    package static let testLoss = "test_loss"
    package static let testAccuracy = "test_accuracy"
    package static let evaluations = "evaluations"
    package static let seconds = "seconds"
    /// (finished cycles, layers, 3): kept, plus, minus.
    package static let choices = "choices"
    package static let all = [
      cycle, trainingLoss, testLoss, testAccuracy, evaluations, seconds, choices,
    ]
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
    /// Absent in a run that was never taken up again.
    package static let resumedFrom = "resumed_from"
    package static let secondsInCycle = "seconds_in_cycle"
    /// Absent in a run that one version on one numeric path trained.
    package static let differentBits = "different_bits"
    /// Absent in a checkpoint that nobody edited.
    package static let resealed = "resealed"
    /// The absolute path of the data, escaped; absent where it is unknown, and before version 2.2.
    package static let dataPath = "data_path"
    /// The path of the data relative to the run directory, escaped; only beside `dataPath`.
    package static let dataPathRelative = "data_path_relative"
    package static let required = [
      version, numericPath, instructionSet, host, created, saved, resumes, secondsInCycle,
    ]

    package static func optional(in version: FormatVersion) -> Set<String> {
      let always: Set = [resumedFrom, differentBits, resealed]
      return version < FormatVersion(major: 2, minor: 2)
        ? always : always.union([dataPath, dataPathRelative])
    }
  }
}
