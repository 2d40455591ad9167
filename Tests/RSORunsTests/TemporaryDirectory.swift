import Foundation

/// A directory of its own for a test, removed with the value.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/rso-runs-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path in it.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// The names in one of its directories.
  func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(name)).sorted()
  }
}

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func text(_ path: String) throws -> String {
  try String(contentsOfFile: path, encoding: .utf8)
}
