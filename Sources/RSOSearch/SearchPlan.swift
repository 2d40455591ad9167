import RSODatasets
import RSONetworks

/// Everything that decides a run before it starts. Two runs of one plan are equal, bit for bit.
package struct SearchPlan: Sendable, Hashable {
  package var architecture: Architecture
  package var options: SearchOptions
  package var seed: UInt64
  package var data: DataIdentity
  package var normalization: Normalization
  /// The arithmetic of the evaluator, as the name of a `NumericPath`. It is a text, so that a plan with an
  /// unknown path can be read.
  package var numericPath: String
  /// The parameters that the run begins with; nil if they are drawn from the seed.
  package var initialParameters: InitialParameters?

  /// The objective of the search. A program that computes it is not part of it yet.
  package var objective: Objective { options.objective(data.learningTask) }

  /// The objective by which a network is judged where no program runs: with the default loss of the task in place
  /// of a program's.
  package var objectiveWithoutProgram: Objective {
    guard options.loss == .program else { return objective }
    var standard = Objective(.standard(for: data.learningTask))
    standard.parameters.targetWeights = objective.parameters.targetWeights
    return standard
  }

  package init(
    architecture: Architecture, options: SearchOptions, seed: UInt64, data: DataIdentity,
    normalization: Normalization, numericPath: String = "f32",
    initialParameters: InitialParameters? = nil
  ) {
    self.architecture = architecture
    self.options = options
    self.seed = seed
    self.data = data
    self.normalization = normalization
    self.numericPath = numericPath
    self.initialParameters = initialParameters
  }
}
