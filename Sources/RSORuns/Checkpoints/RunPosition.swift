/// The position of a run: finished cycles, and steps done in the cycle under way.
///
/// Positions compare in the order in which a run comes to them. A `SearchCursor` does not: whether its
/// layers are visited from the first to the last, or the other way, is an option of the search.
package struct RunPosition: Sendable, Hashable {
  package var cycles: Int
  package var steps: Int

  package init(cycles: Int, steps: Int) {
    self.cycles = cycles
    self.steps = steps
  }

  /// The position is between two cycles, or at the beginning of the run.
  package var isCycleEnd: Bool { steps == 0 }
}

extension RunPosition: Comparable {
  package static func < (first: RunPosition, second: RunPosition) -> Bool {
    (first.cycles, first.steps) < (second.cycles, second.steps)
  }
}

extension RunPosition: CustomStringConvertible {
  /// `cycle 2, step 17`.
  package var description: String { "cycle \(cycles), step \(steps)" }
}
