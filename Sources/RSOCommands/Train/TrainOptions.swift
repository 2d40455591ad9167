import ArgumentParser
import RSORuns

/// `--init`.
struct InitOption: ParsableArguments {
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start with the weights in a file (safetensors, npz, ONNX or a checkpoint) instead of random "
        + "ones.", valueName: "file"), completion: .run)
  var file: String?
}

/// `--output` of a new run.
struct NewRunOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Run directory to create. (default: runs/NETWORK-SEED)", valueName: "run"),
    completion: .directory)
  var output: String?

  @Flag(
    help: "Continue the run in the directory of --output if it has begun; otherwise begin it.")
  var resume = false

  /// The directory of the run to continue; nil to begin a new one.
  var begunRun: String? {
    guard resume, let output, !RunPaths(directory: output).checkpoints().isEmpty else { return nil }
    return output
  }

  func validate() throws {
    if resume, output == nil {
      throw ValidationError("--resume needs --output, the directory of the run to continue")
    }
  }
}
