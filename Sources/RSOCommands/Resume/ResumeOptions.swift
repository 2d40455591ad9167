import ArgumentParser
import RSOSearch

extension PlanExtension: ExpressibleByArgument {}

/// `--extend`.
struct ExtensionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the deviation changes with a new number of --cycles: keep (planned cycles keep theirs, "
        + "later cycles have the last one's) or rescale (it falls over the new number of cycles).",
      valueName: "how"))
  var extend: PlanExtension?
}

/// `--output` of a run that branches off another.
struct BranchOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Continue in this new run directory and leave the old one as it is.", valueName: "run"),
    completion: .directory)
  var output: String?
}
