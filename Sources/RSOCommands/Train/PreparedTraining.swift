import RSODatasets
import RSOSearch

/// The run that `rso train` would start.
struct PreparedTraining {
  let plan: SearchPlan
  let dataset: Dataset
  /// The options that were chosen to fit the data; nil for those of the paper or of a recipe.
  let fitted: FittedOptions?
  /// The file of `--init`; nil without it.
  let weights: WeightsFile?
  /// The initial parameters; nil if they are drawn from the seed.
  let parameters: [Float]?
}
