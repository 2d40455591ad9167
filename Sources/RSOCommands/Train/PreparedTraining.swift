import RSODatasets
import RSOSearch

/// The run that `rso train` would start.
struct PreparedTraining {
  let plan: SearchPlan
  let dataset: Dataset
  /// The initial weights; nil if they are drawn from the seed.
  let weights: WeightsFile?
}
