import RSOCommands

@main struct Main {
  static func main() {
    Program.main()
  }
}
