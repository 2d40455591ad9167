import ArgumentParser

/// The options about the machine.
struct MachineOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.machine) var threads: ThreadOptions
  @OptionGroup(title: OptionTitle.machine) var device: DeviceOptions

  @Flag(
    name: .customLong("stop-at-eof"),
    help: """
      Stop as for SIGTERM when standard input ends: the run then ends with the program that started it.
      """)
  var stopAtEOF = false

  @Option(
    help: ArgumentHelp(
      "Under mpirun or srun, where neurons are searched in parallel: the groups that the ranks form. Each group "
        + "searches other neurons; its ranks share the samples. It changes only the speed. (default: each rank is a "
        + "group)",
      valueName: "n"), transform: OptionText.whole(1...100_000))
  var rankGroups: Int?

  @Flag(help: .noLock) var noLock = false
}
