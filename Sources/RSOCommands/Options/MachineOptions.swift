import ArgumentParser

/// The options about the machine.
struct MachineOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.machine) var threads: ThreadOptions

  @Flag(
    name: .customLong("stop-at-eof"),
    help: """
      Stop as for SIGTERM when standard input ends: the run then ends with the program that started it.
      """)
  var stopAtEOF = false

  @Flag(help: .noLock) var noLock = false
}
