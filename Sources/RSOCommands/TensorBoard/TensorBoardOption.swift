import ArgumentParser

/// `--tensorboard`.
struct TensorBoardOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the curves, weights and filters as event files of TensorBoard into this directory.",
      valueName: "dir"), completion: .directory)
  var tensorboard: String?

  func validate() throws {
    if tensorboard == "" {
      throw ValidationError("invalid tensorboard '': expected the path of a directory")
    }
  }
}
