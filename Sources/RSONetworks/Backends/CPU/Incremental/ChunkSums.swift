import RSONumerics

/// Sums over samples in Double: a row of fold slots per chunk, folded and added in the order of chunks.
///
/// *Reproducibility:* bitwise, for any number of threads and any lane count.
///
/// A class by nature: threads write disjoint rows of it.
final class ChunkSums {
  private let storage: AlignedBuffer<Double>
  private let chunks: Int
  private let quantities: Int

  init(samples: Int, quantities: Int) {
    chunks = (samples + NetworkExecution.chunkSamples - 1) / NetworkExecution.chunkSamples
    self.quantities = quantities
    storage = AlignedBuffer(count: chunks * quantities * Kernels.foldSlots)
  }

  /// The fold slots of `count` quantities from `quantity` on, for the block's chunk. The chunk's first
  /// block finds them zero.
  func slots(_ block: SampleBlock, _ quantity: Int, count: Int) -> UnsafeMutablePointer<Double> {
    let start = (block.chunk * quantities + quantity) * Kernels.foldSlots
    let slots = storage.pointer + start
    if block.part == 0 { slots.update(repeating: 0, count: count * Kernels.foldSlots) }
    return slots
  }

  func total(_ quantity: Int) -> Double {
    var sum = 0.0
    for chunk in 0..<chunks {
      sum += Kernels.fold(
        storage.pointer + (chunk * quantities + quantity) * Kernels.foldSlots)
    }
    return sum
  }

  /// The moments of the channel whose sums are quantities `quantity` and `quantity + 1`.
  func moments(_ quantity: Int, count: Int) -> Moments {
    Moments(sum: total(quantity), squares: total(quantity + 1), count: count)
  }
}

/// Mean and biased variance from sums.
struct Moments {
  let mean: Double
  let variance: Double

  init(sum: Double, squares: Double, count: Int) {
    mean = sum / Double(count)
    variance = max(0, squares / Double(count) - mean * mean)
  }

  static let none = Moments(sum: 0, squares: 0, count: 1)
}
