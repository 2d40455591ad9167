internal import Glibc

/// What a checkpoint says of the program and machine that wrote it.
package struct RunEnvironment: Sendable, Hashable {
  package var version: String
  package var instructionSet: String
  package var host: String
  /// Those that the program can follow on this machine; the usual one first.
  package var numericPaths: [String]

  package init(
    version: String, instructionSet: String, host: String = RunEnvironment.hostName(),
    numericPaths: [String] = ["f32"]
  ) {
    self.version = version
    self.instructionSet = instructionSet
    self.host = host
    self.numericPaths = numericPaths
  }

  /// The computer's name, asked of the computer alone.
  package static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
