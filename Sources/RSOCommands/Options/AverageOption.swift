import ArgumentParser

/// `--average`, for verbs that can use the mean of the weights of several cycles.
struct AverageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use the mean of the weights after the run's last n cycles.", valueName: "n"))
  var average: Int?

  func validate() throws {
    if let average, average < 1 {
      throw ValidationError("--average \(average): expected 1 or more")
    }
  }
}
