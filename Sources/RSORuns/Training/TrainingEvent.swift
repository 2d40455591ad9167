import RSONetworks
import RSOSearch

/// An event of a training run.
package enum TrainingEvent: Sendable {
  /// `steps` is the number of steps done in the cycle.
  case stepFinished(SearchStep, steps: Int)
  /// `best` is the record of the best cycle so far, by the run's `Criterion`.
  case cycleFinished(CycleRecord, best: CycleRecord)
  case saved(path: String)
  /// The run's last state is saved, but not every copy of it.
  case savedInPart(path: String, missing: String)
  /// The run continues, and saves again after `retryAfter` seconds.
  case saveFailed(reason: String, retryAfter: Double)
  /// A row of `metrics.csv` could not be written. It is written with the next row.
  case metricsFailed(reason: String)
  /// Neurons that are searched at the same time have fewer threads than there are evaluators.
  case fewerThreads(ThreadShortage)
}
