import Foundation
import RSOCommands

@main struct Main {
  static func main() {
    exit(Dispatcher.main())
  }
}
