import RSODatasets
import RSONetworks

/// All that decides a run before it starts. Two runs of one plan are the same run, bit for bit.
package struct SearchPlan: Sendable, Hashable {
  package let architecture: Architecture
  package let options: SearchOptions
  package let seed: UInt64
  package let data: DataIdentity
  package let normalization: Normalization
  /// Arithmetic of the evaluator, a `NumericPath`: text here, so that a plan made elsewhere can at
  /// least be read.
  package let numericPath: String
  /// What the run begins with; nil where that is drawn from the seed.
  package let initialParameters: InitialParameters?

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
