/// One block of a run over samples.
struct SampleBlock {
  /// Number of the chunk that the block belongs to.
  let chunk: Int
  /// Number of the block in its chunk.
  let part: Int
  /// Number of the block in the run.
  let index: Int
  /// Number of the block among those of this rank: its place in the rank's memory.
  let place: Int
  /// Lanes that hold a sample.
  let valid: Int
  let lanes: Int

  /// The fold slot of the first lane.
  var foldSlot: Int { part * lanes % Kernels.foldSlots }
}
