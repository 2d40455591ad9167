import ArgumentParser

/// `--init`.
struct InitOption: ParsableArguments {
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start with the weights in a file (safetensors, npz, ONNX or a checkpoint) instead of random "
        + "ones.", valueName: "file"), completion: .file())
  var file: String?
}

/// `--output` of a new run.
struct NewRunOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Run directory to create. (default: runs/NETWORK-SEED)", valueName: "run"))
  var output: String?
}
