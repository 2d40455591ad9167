import ArgumentParser
import RSORuns

/// The options about how a program that computes the objective is waited for.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds that a program that computes the objective has for each answer; then the run is saved. "
        + "(default: \(Numbers.rate(defaultTimeout)))", valueName: "seconds"),
    transform: OptionText.number("a number above 0 and at most 1e9", in: 1e-3...1e9))
  var objectiveTimeout: Double?

  private static let defaultTimeout = 60.0

  /// - Parameter isStopped: Asked while the program is waited for. True gives up.
  func settings(
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> ObjectiveProcess.Settings {
    ObjectiveProcess.Settings(
      timeout: objectiveTimeout ?? Self.defaultTimeout, version: "rso \(Version.current)",
      isStopped: isStopped)
  }
}
