import Foundation

/// Finds the repository's `Fixtures/` from the place of this file.
package enum Fixtures {
  package static let repository: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package static func url(_ path: String) -> URL {
    repository.appendingPathComponent("Fixtures").appendingPathComponent(path)
  }

  package static func data(_ path: String) throws -> Data {
    try Data(contentsOf: url(path))
  }
}
