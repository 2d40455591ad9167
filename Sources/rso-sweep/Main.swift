import RSOCommands

@main struct Main {
  static func main() {
    runVerb(SweepCommand.self)
  }
}
