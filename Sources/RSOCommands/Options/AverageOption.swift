import ArgumentParser

/// `--average`, for verbs that can use the mean of the weights of several cycles.
struct AverageOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use the mean of the weights after the run's last n cycles.", valueName: "n"),
    transform: OptionText.whole(1...Int.max))
  var average: Int?
}
