import ArgumentParser
import Foundation

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  /// More than this is a slip of the keyboard.
  private static let most = 1024

  @Option(
    help: ArgumentHelp(
      "Threads; their number changes the speed alone. (default: one for each usable processor)",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...Self.most).contains(threads) {
      throw ValidationError("--threads \(threads): expected 1 to \(Self.most)")
    }
  }

  var count: Int { threads ?? Self.usableProcessors }

  /// Processors that the process may run on.
  static var usableProcessors: Int {
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else {
      return max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
    let usable = withUnsafeBytes(of: &set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    return min(max(1, usable), most)
  }
}
