import Foundation
import TestSupport

/// The networks on which evaluators are compared: every architecture in `Fixtures/networks`.
enum NetworkTable {
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("networks").path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func network(named name: String) throws -> NetworkFixture {
    try NetworkFixture(named: name)
  }
}
