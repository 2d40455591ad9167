import HDF5
import RSONetworks
import RSOSearch

/// What the group `search` holds.
struct SearchGroup {
  private let cursor: [Int]
  private let initialDeviations: [Double]
  /// One row for every finished cycle.
  let deviations: [[Double]]
  private let tallies: [StepTally]
  private let lossSum: Double
  private let comparisons: Int
  private let evaluations: Int
  private let layerParameters: [Float]?
  private let deviationFactors: [Double]?

  init(_ group: HDF5Contents.Group, layout: ParameterLayout, reader: GroupReader) throws {
    typealias Names = CheckpointSchema.Search
    let layers = layout.layers.count
    let members = try reader.members(
      of: group, required: Names.required(in: reader.version),
      optional: Names.optional(in: reader.version))
    cursor = try reader.counts(group, Names.cursor, shape: [3])
    initialDeviations = try reader.numbers(
      Double.self, group, Names.initialDeviation, shape: [layers])
    let flat = try reader.numbers(
      Double.self, group, Names.deviation, shape: [cursor[0], layers])
    deviations = (0..<cursor[0]).map { Array(flat[$0 * layers..<($0 + 1) * layers]) }
    tallies = try reader.tallies(group, Names.choices, shape: [layers, 3])
    lossSum = try reader.numbers(Double.self, group, Names.lossSum, shape: [])[0]
    evaluations = try reader.counts(group, Names.evaluations, shape: [])[0]
    comparisons =
      members.contains(Names.comparisons)
      ? try reader.counts(group, Names.comparisons, shape: [])[0]
      : tallies.reduce(0) { $0 + $1.steps }
    deviationFactors =
      members.contains(Names.deviationFactor)
      ? try reader.numbers(Double.self, group, Names.deviationFactor, shape: [layers]) : nil
    if members.contains(Names.layerParameters) {
      try require(
        cursor[1] < layers, group.path(of: Names.cursor), "layer \(cursor[1]) of \(layers)")
      layerParameters = try reader.numbers(
        Float.self, group, Names.layerParameters,
        shape: [layout.layers[cursor[1]].parameterCount])
    } else {
      layerParameters = nil
    }
  }

  func state(parameters: [Float]) -> SearchState {
    SearchState(
      parameters: parameters,
      cursor: SearchCursor(cycle: cursor[0], layer: cursor[1], neuron: cursor[2]),
      initialDeviations: initialDeviations, tallies: tallies, lossSum: lossSum,
      comparisons: comparisons, evaluations: evaluations, layerParameters: layerParameters,
      deviationFactors: deviationFactors)
  }
}
