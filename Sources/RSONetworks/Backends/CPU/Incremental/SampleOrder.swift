/// The indices of samples, block by block, as the kernels read them. Lanes without a sample repeat the first one
/// of their block.
///
/// A class by nature: it owns memory.
final class SampleOrder {
  /// The number of samples.
  let count: Int
  private let indices: KernelStorage<Int32>
  private let lanes: Int
  /// Blocks of this rank.
  let blocks: Int

  /// - Parameter order: Samples in the order of evaluation; nil: all, in their own order.
  init(_ order: [Int32]?, of all: Int, _ execution: NetworkExecution) {
    let count = order?.count ?? all
    let lanes = execution.lanes
    let chunks = execution.ranks.share(of: NetworkExecution.chunks(of: count))
    let first = chunks.lowerBound * NetworkExecution.chunkSamples
    let end = min(count, chunks.upperBound * NetworkExecution.chunkSamples)
    blocks = max(0, end - first + lanes - 1) / lanes
    indices = KernelStorage(count: blocks * lanes, on: execution.device, isShared: true)
    for block in 0..<blocks {
      for lane in 0..<lanes {
        let start = first + block * lanes
        let position = start + (start + lane < count ? lane : 0)
        indices.pointer[block * lanes + lane] = order?[position] ?? Int32(position)
      }
    }
    indices.changed(0..<indices.count)
    self.count = count
    self.lanes = lanes
  }

  /// The indices of a block's samples: [lane].
  ///
  /// - Parameter place: The block's place in the rank's memory.
  func block(_ place: Int) -> UnsafePointer<Int32> {
    UnsafePointer(indices.pointer + place * lanes)
  }
}
