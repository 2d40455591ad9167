import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("positions of a run") struct RunPositionTests {
  @Test("positions compare by cycle, then by step") func order() {
    let ordered = [(0, 0), (0, 9), (1, 0), (1, 1), (12, 0)].map {
      RunPosition(cycles: $0.0, steps: $0.1)
    }
    for (index, position) in ordered.enumerated() {
      for (other, later) in ordered.enumerated() {
        #expect((position < later) == (index < other))
        #expect((position == later) == (index == other))
      }
    }
    #expect(ordered.map(\.isCycleEnd) == [true, false, true, false, true])
  }

  @Test("the checkpoints of a run have ascending positions, whatever the order of its layers")
  func boundaries() throws {
    for layers in LayerOrder.allCases {
      let boundaries = try SmallRun.boundaries(SmallRun.plan { $0.layers = layers })
      let positions = try boundaries.map { try $0.position() }
      #expect(positions.count > 4 && zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
      #expect(boundaries.map(\.isCycleEnd) == positions.map(\.isCycleEnd))
      #expect(boundaries.count { $0.isCycleEnd } == 3)
    }
  }
}
