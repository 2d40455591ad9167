/// Some records of a table, read.
struct TableChunk: Sendable {
  /// The complete records.
  var rows = 0
  /// The lines of the text, up to the end or to the fault.
  var lines = 0
  /// *Shape:* rows x features.
  var features: [Float] = []
  /// One part per label column.
  var targets: [TargetPart]
  /// The first fault; the records before it are there. Its line counts from the start of the chunk.
  var fault: TableFault?
}
