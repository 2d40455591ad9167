import ArgumentParser

/// `--device`: what computes.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Device that computes: cpu, the processor; opencl:N, which 'rso devices' lists; or auto, a GPU if one suits "
        + "the run, otherwise the processor. It changes only the speed.", valueName: "device"),
    completion: .list(["auto", "cpu", "opencl:0"]),
    transform: { text in
      guard let choice = DeviceChoice(text) else {
        throw ValidationError("expected auto, cpu, or an OpenCL device such as opencl:0")
      }
      return choice
    })
  var device = DeviceChoice.processor
}
