import RSOCommands

@main struct Main {
  static func main() {
    runVerb(DiffCommand.self, failureStatus: 2)
  }
}
