import ArgumentParser
import RSORuns

/// `--threads`: the number of threads that compute.
package struct ThreadOptions: ParsableArguments {
  /// Larger numbers are refused as typing errors.
  private static let most = 1024

  @Option(
    help: ArgumentHelp(
      "Number of threads; it changes only the speed. (default: one for each usable processor)",
      valueName: "n"))
  var threads: Int?

  package init() {}

  package func validate() throws {
    if let threads, !(1...Self.most).contains(threads) {
      throw ValidationError("--threads \(threads): expected 1 to \(Self.most)")
    }
  }

  var count: Int { threads ?? min(Self.most, MachineProcessors.usable()) }
}
