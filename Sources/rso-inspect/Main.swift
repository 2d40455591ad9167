import RSOCommands

@main struct Main {
  static func main() {
    runVerb(InspectCommand.self)
  }
}
