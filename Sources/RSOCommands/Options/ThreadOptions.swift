import ArgumentParser
import RSORanks
import RSORuns
import RSOSystem

/// `--threads`: the number of threads that compute.
package struct ThreadOptions: ParsableArguments {
  /// Larger numbers are refused as typing errors.
  private static let most = 1024

  @Option(
    help: ArgumentHelp(
      "Number of threads; it changes only the speed. (default: one for each usable processor)",
      valueName: "n"), transform: OptionText.whole(1...most))
  var threads: Int?

  package init() {}

  var count: Int {
    threads ?? min(Self.most, MachineProcessors.usable(shared: Launch(PathText.environment)))
  }
}
