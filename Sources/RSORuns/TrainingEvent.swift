import RSONetworks
import RSOSearch

/// What a training run tells whoever watches it.
package enum TrainingEvent: Sendable {
  /// `steps` of the cycle are done.
  case stepFinished(SearchStep, steps: Int)
  /// `best` is the record of the highest test accuracy so far.
  case cycleFinished(CycleRecord, best: CycleRecord)
  case saved(path: String)
  /// The run's last state is saved, but not every copy of it.
  case savedInPart(path: String, missing: String)
  /// The run goes on, and tries again.
  case saveFailed(reason: String, retryAfter: Double)
  /// A row of `metrics.csv` could not be written; the next one brings it along.
  case metricsFailed(reason: String)
  /// Neurons that are searched at the same time have fewer threads than there are evaluators.
  case fewerThreads(ThreadShortage)
}
