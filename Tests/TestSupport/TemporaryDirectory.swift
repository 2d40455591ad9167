import Foundation

/// A directory for one test, removed with the value.
package final class TemporaryDirectory: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-test-\(UUID().uuidString)").resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package var path: String { url.path }

  /// Returns the path of a name in the directory.
  package func callAsFunction(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Returns the names in one of its directories, in alphabetical order.
  package func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(name)).sorted()
  }

  /// Makes a directory, and those above it.
  package func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
  }

  /// Writes a file, and makes the directories above it.
  @discardableResult
  package func write(
    _ bytes: some Sequence<UInt8>, to name: String, permissions: Int? = nil
  ) throws -> URL {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    if let permissions {
      try FileManager.default.setAttributes(
        [.posixPermissions: permissions], ofItemAtPath: file.path)
    }
    return file
  }
}

package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// Returns the content of a text file.
package func text(_ path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}
