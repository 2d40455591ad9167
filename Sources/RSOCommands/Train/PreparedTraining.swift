import RSODatasets
import RSOSearch

/// What `rso train` would begin.
struct PreparedTraining {
  let plan: SearchPlan
  let dataset: Dataset
  /// The weights that it begins with; nil where they are drawn.
  let weights: WeightsFile?
}
