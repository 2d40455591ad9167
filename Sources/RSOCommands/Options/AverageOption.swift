import ArgumentParser

/// `--average`, of the verbs that take a run's network as a whole.
struct AverageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the mean of the weights after the run's last n cycles.", valueName: "n"))
  var average: Int?

  func validate() throws {
    if let average, average < 1 {
      throw ValidationError("--average \(average): expected 1 or more")
    }
  }
}
