import Foundation
import TestSupport

/// The networks on which evaluators are compared and benchmarks are tried: every architecture in
/// `Fixtures/networks`. Together they have every kind of layer.
package enum NetworkTable {
  package static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("networks").path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// The networks of the paper's size, of which tests in double try less.
  package static let large = Set(names.filter { parameterCount(of: $0) > 5000 })

  /// The smallest networks. Together they have every kind of stage: convolutions, linear layers, batch
  /// norms before and after, pools, skips and signs.
  package static let small = Set(names.filter { parameterCount(of: $0) <= 1000 })

  /// A few of them, for what does not depend on the kinds of stages.
  package static let smallest = Set(
    small.sorted { (parameterCount(of: $0), $0) < (parameterCount(of: $1), $1) }.prefix(4))

  private static func parameterCount(of name: String) -> Int {
    (try? network(named: name).graph.layout.parameterCount) ?? 0
  }

  package static func network(named name: String) throws -> NetworkFixture {
    try NetworkFixture(named: name)
  }
}
