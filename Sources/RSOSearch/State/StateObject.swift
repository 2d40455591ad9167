/// One array of a search's state, as a checkpoint stores it.
package struct StateObject: Sendable {
  /// The layer that the array belongs to; nil for an array that concerns all layers.
  package let layer: String?
  package let name: String
  /// Row-major; empty for a scalar.
  package let shape: [Int]
  package let values: StateValues

  /// The path in a checkpoint, without the first slash.
  package var path: String { layer.map { "parameters/\($0)/\(name)" } ?? "search/\(name)" }
}
