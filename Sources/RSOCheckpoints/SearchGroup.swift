import HDF5
import RSOSearch

/// What the group `search` holds.
struct SearchGroup {
  private let cursor: [Int]
  private let initialDeviations: [Double]
  /// One row for every finished cycle.
  let deviations: [[Double]]
  private let tallies: [StepTally]
  private let lossSum: Double
  private let evaluations: Int

  init(_ group: HDF5Contents.Group, layers: Int, reader: GroupReader) throws {
    typealias Names = CheckpointSchema.Search
    _ = try reader.members(of: group, required: Names.all)
    cursor = try reader.counts(group, Names.cursor, shape: [3])
    initialDeviations = try reader.numbers(
      Double.self, group, Names.initialDeviation, shape: [layers])
    let flat = try reader.numbers(
      Double.self, group, Names.deviation, shape: [cursor[0], layers])
    deviations = (0..<cursor[0]).map { Array(flat[$0 * layers..<($0 + 1) * layers]) }
    tallies = try reader.tallies(group, Names.choices, shape: [layers, 3])
    lossSum = try reader.numbers(Double.self, group, Names.lossSum, shape: [])[0]
    evaluations = try reader.counts(group, Names.evaluations, shape: [])[0]
  }

  func state(parameters: [Float]) -> SearchState {
    SearchState(
      parameters: parameters,
      cursor: SearchCursor(cycle: cursor[0], layer: cursor[1], neuron: cursor[2]),
      initialDeviations: initialDeviations, tallies: tallies, lossSum: lossSum,
      evaluations: evaluations)
  }
}
