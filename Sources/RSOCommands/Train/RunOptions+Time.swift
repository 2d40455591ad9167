import RSORuns
import RSOSearch

extension RunOptions {
  /// Times a few steps on this machine, and returns the time of a run in words.
  ///
  /// - Parameter finished: The number of cycles that are finished.
  ///
  /// *Throws:* as `TimeEstimate` does.
  func estimatedTime(
    of plan: SearchPlan, on device: ChosenDevice, from finished: Int = 0
  ) throws -> String {
    let estimate = try TimeEstimate(
      measuring: plan, threads: threads.count, computeUnits: device.opencl?.computeUnits,
      makeEvaluator: Evaluators.factory(threads: threads.count, on: device))
    let tests = plan.data.validationCount == nil || testEachCycle
    guard let seconds = try estimate.seconds(of: plan, from: finished, testsEachCycle: tests)
    else {
      return "unknown: only steps of one weight are timed"
    }
    let duration =
      seconds < 1
      ? "less than 1 s"
      : "about " + (seconds < 10 ? "\(Numbers.fixed(seconds, 1)) s" : Numbers.duration(seconds))
    return "\(duration), estimated from a few steps on this machine with "
      + Numbers.count(threads.count, "thread")
      + (plan.options.loss == .program ? ", without the time of the objective's program" : "")
  }
}
