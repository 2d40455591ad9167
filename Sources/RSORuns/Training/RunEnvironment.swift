internal import Glibc

/// The program and the machine that write a checkpoint, as it describes them.
package struct RunEnvironment: Sendable, Hashable {
  package var version: String
  /// The earlier versions of the program that compute the same bits.
  package var equalBits: Set<String>
  package var instructionSet: String
  package var host: String
  /// The numeric paths that the program offers on this machine; the default one is first.
  package var numericPaths: [String]

  package init(
    version: String, equalBits: Set<String> = [], instructionSet: String,
    host: String = RunEnvironment.hostName(), numericPaths: [String] = ["f32"]
  ) {
    self.version = version
    self.equalBits = equalBits
    self.instructionSet = instructionSet
    self.host = host
    self.numericPaths = numericPaths
  }

  /// Tells if this program computes the bits of a version.
  package func computesBits(of version: String) -> Bool {
    version == self.version || equalBits.contains(version)
  }

  /// The computer's own name. No name service is asked.
  package static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
