import ArgumentParser

/// What a run takes of the machine.
struct MachineOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.machine) var threads: ThreadOptions

  @Flag(
    name: .customLong("stop-at-eof"),
    help: """
      Stop as for SIGTERM when standard input ends: the run then ends with the program that started it.
      """)
  var stopAtEOF = false
}
