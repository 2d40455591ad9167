import RSORuns
import TestSupport
import Testing

@Suite("Differences between objects")
struct ObjectDifferenceTests {
  private func numbers(_ name: String, _ values: [Double], _ shape: [Int]) -> ComparedObject {
    ComparedObject(name, .numbers(values, shape: shape))
  }

  @Test("what is missing, extra or of another shape is named, whatever the tolerance")
  func structure() {
    let found = ObjectDifference.all(
      from: [
        numbers("a/x", [1, 2], [2]), numbers("a/y", [1, 2], [1, 2]),
        ComparedObject("a/z", .text("t")),
      ],
      to: [numbers("a/y", [1, 2], [2, 1]), numbers("a/new", [], [0]), numbers("a/z", [1], [])],
      tolerance: Tolerance(relative: 1, absolute: 1e9))
    #expect(
      found == [
        ObjectDifference(name: "a/x", kind: .missing("2")),
        ObjectDifference(name: "a/y", kind: .shape([1, 2], [2, 1])),
        ObjectDifference(name: "a/z", kind: .kind),
        ObjectDifference(name: "a/new", kind: .extra("0")),
      ])
  }

  @Test("the most changed numbers come first, with their places")
  func largest() throws {
    let found = ObjectDifference.all(
      from: [numbers("a/x", [0, 1, 2, 3, 4, 5], [2, 3])],
      to: [numbers("a/x", [0, 1.5, 2, -3, .nan, 5.5], [2, 3])], count: 3)
    guard case .numbers(let change, let shape, let largest) = try #require(found.first).kind else {
      Issue.record("\(found)")
      return
    }
    #expect(change.changed == 4 && change.signFlips == 1 && shape == [2, 3])
    #expect(largest.map(\.place) == [[1, 1], [1, 0], [0, 1]])
    #expect(largest[1].first == 3 && largest[1].second == -3)
  }

  @Test(
    "tolerances are absolute, or a share of the larger number",
    arguments: [
      (1, 1.1, 0, 0.11, true), (1, 1.1, 0, 0.09, false), (1, 1.1, 0.1, 0, true),
      (100, 100.1, 0.001, 0, true), (100, 100.2, 0.001, 0, false), (0, 1e-9, 0.5, 0, false),
      (.nan, .nan, 0, 0, true),
      (.infinity, 1, 1, 1, false), (.infinity, .infinity, 0, 0, true), (0, -0.0, 0, 0, true),
    ] as [(Double, Double, Double, Double, Bool)])
  func tolerance(a: Double, b: Double, relative: Double, absolute: Double, isEqual: Bool) {
    let tolerance = Tolerance(relative: relative, absolute: absolute)
    #expect(tolerance.accepts(a, b) == isEqual && tolerance.accepts(b, a) == isEqual)
  }

  @Test("histories are compared as far as both go")
  func history() {
    let found = ObjectDifference.all(
      from: [numbers("history/loss", [3, 2], [2])], to: [numbers("history/loss", [3, 2, 1], [3])])
    #expect(found.isEmpty)
  }

  @Test(
    "a pattern matches a name, or all in a group",
    arguments: [
      ("parameters", "parameters/conv1/weight", true),
      ("parameters/conv*", "parameters/conv1/weight", true),
      ("*/gamma", "parameters/conv1/gamma", true), ("conv1", "parameters/conv1/weight", false),
      ("plan/seed", "plan/seed", true), ("pl?n", "plan/seed", true), ("", "plan/seed", false),
    ])
  func pattern(pattern: String, name: String, matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }
}
