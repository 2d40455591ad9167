import Foundation

/// The Python that `make check` prepares, with other people's readers.
package enum Python {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package static func interpreter() throws -> String {
    guard let path = ProcessInfo.processInfo.environment["RSO_PYTHON"] else {
      throw Failure(
        description: "RSO_PYTHON must name a Python with .ci/requirements.txt; 'make check' has one"
      )
    }
    return path
  }

  /// What a script of `Fixtures/` prints.
  ///
  /// *Throws:* `Failure` with what it says if it ends with another status than 0.
  package static func run(_ script: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    let errors = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-python-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try interpreter())
    process.arguments = [Fixtures.url(script).path] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(contentsOf: errors, encoding: .utf8))
    }
    return answer
  }
}
