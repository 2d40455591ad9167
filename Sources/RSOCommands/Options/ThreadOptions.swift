import ArgumentParser
import Foundation

/// The number of threads that compute.
package struct ThreadOptions: ParsableArguments {
  /// A larger number is a typing error.
  private static let most = 1024

  @Option(
    help: ArgumentHelp(
      "Number of threads; it changes the speed alone. (default: one for each usable processor)",
      valueName: "n"))
  var threads: Int?

  package init() {}

  package func validate() throws {
    if let threads, !(1...Self.most).contains(threads) {
      throw ValidationError("--threads \(threads): expected 1 to \(Self.most)")
    }
  }

  var count: Int { threads ?? Self.usableProcessors }

  /// Processors that the process may run on: those of its affinity mask, which the number of
  /// processors of the machine does not tell.
  static var usableProcessors: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return processors(allowedBy: status) ?? max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The number of bits in the line `Cpus_allowed:` of proc(5), a hexadecimal mask in groups.
  package static func processors(allowedBy status: String) -> Int? {
    let key = "Cpus_allowed:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else {
      return nil
    }
    let count = line.dropFirst(key.count).compactMap(\.hexDigitValue)
      .reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? min(count, most) : nil
  }
}
