import ArgumentParser

/// What a run takes of the machine.
struct MachineOptions: ParsableArguments {
  @OptionGroup(title: OptionTitle.machine) var threads: ThreadOptions

  @Flag(
    name: .customLong("stop-at-eof"),
    help: """
      Stop as for SIGTERM when standard input ends. A program that starts rso can so end the run with \
      itself.
      """)
  var stopAtEOF = false
}
