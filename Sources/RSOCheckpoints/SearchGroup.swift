import HDF5
import RSOSearch

/// Reads the group `search` as `StateEntry.all` lists its members.
struct SearchGroup {
  let reader: GroupReader
  var scope: StateScope
  let parameters: [Float]

  /// - Returns: The state, and a row of deviations for each finished cycle.
  ///
  /// *Throws:* `Defect`, `HDF5Error` or `SearchError.invalidState`.
  consuming func parse(
    _ group: HDF5Contents.Group
  ) throws -> (state: SearchState, deviations: [[Double]]) {
    let known = StateEntry.all.filter { reader.version >= FormatVersion($0.since) }
    let members = try reader.members(
      of: group, required: [], optional: Set(known.map(\.name)))
    var state = SearchState(
      parameters: parameters, cursor: scope.cursor, initialDeviations: [], tallies: [])
    var deviations: [Double] = []
    for entry in StateEntry.all {
      guard reader.version >= FormatVersion(entry.since) else {
        try entry.setOlder(in: &state, &scope)
        continue
      }
      guard members.contains(entry.name) else {
        try require(!entry.isPresent(scope), entry.path, "missing")
        continue
      }
      let values = try reader.values(entry, group, shape: entry.storedShape(scope))
      if entry.isHistory {
        deviations = values.doubles
      } else {
        try entry.set(values, in: &state, &scope)
      }
    }
    let layers = scope.order.layout.layers.count
    let rows = (0..<state.cursor.cycle).map { Array(deviations[$0 * layers..<($0 + 1) * layers]) }
    return (state, rows)
  }
}

extension FormatVersion {
  init(_ version: StateEntry.Version) { self.init(major: version.major, minor: version.minor) }
}
