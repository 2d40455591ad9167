import ArgumentParser
import RSORuns

extension Split: ExpressibleByArgument {}

/// The options of verbs that evaluate a network on samples.
struct EvaluatedSamplesOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The part of the data set to evaluate on. (default: test; all samples of data given with --data that have "
        + "no parts)", valueName: "split"))
  var split: Split?

  @OptionGroup var batchOption: BatchOption

  var batch: Int { batchOption.batch }
}

/// `--batch`.
struct BatchOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The number of samples evaluated at a time. Fewer need less memory; the result is the same.",
      valueName: "n"), transform: OptionText.whole(1...Int.max))
  var batch = 1000
}
