import ArgumentParser
import RSORuns

/// The options that say what a run writes, and when.
struct FileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Save at least this often inside a cycle. "
        + "(default: \(Numbers.rate(RunSettings().saveInterval)))", valueName: "seconds"),
    transform: OptionText.number(
      "a finite number above 0", in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude))
  var saveInterval: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoints of the last n cycles and delete older ones. (default: all)",
      valueName: "n"), transform: OptionText.whole(1...Int.max))
  var keepLast: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the checkpoint of every nth cycle and delete the others. (default: all)",
      valueName: "n"), transform: OptionText.whole(1...Int.max))
  var keepEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write the time that each layer and pass took in each cycle, as CSV.", valueName: "file.csv"),
    completion: .file())
  var perfLog: String?
}
