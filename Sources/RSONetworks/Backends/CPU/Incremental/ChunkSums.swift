import RSODevices
import RSONumerics
import RSORanks

/// Sums over samples in Double: a row of fold slots per chunk, folded and added in the order of chunks.
/// Several ranks exchange the folds of their chunks before the first total of a pass is read.
///
/// *Reproducibility:* bitwise, for any number of threads and ranks and any lane count.
///
/// A class by nature: threads write disjoint rows of it.
final class ChunkSums {
  private let storage: AlignedBuffer<Double>
  private let chunks: Int
  let quantities: Int
  private let ranks: any Ranks
  /// The device that adds up and folds the slots; nil for the processor.
  private let device: DeviceSession?
  /// Chunks x quantities; empty for a single rank on the processor, whose totals are taken from the slots.
  private let folds: AlignedBuffer<Double>
  /// The sums over all chunks; empty like `folds`.
  private let totals: AlignedBuffer<Double>
  private let hasFolds: Bool
  private var isComplete = false

  init(samples: Int, quantities: Int, ranks: any Ranks, device: DeviceSession?) {
    chunks = NetworkExecution.chunks(of: samples)
    self.quantities = quantities
    self.ranks = ranks
    self.device = device
    storage = AlignedBuffer(count: device == nil ? chunks * quantities * Kernels.foldSlots : 0)
    hasFolds = ranks.count > 1 || device != nil
    folds = AlignedBuffer(count: hasFolds ? chunks * quantities : 0)
    totals = AlignedBuffer(count: hasFolds ? quantities : 0)
  }

  /// The folds of a chunk and of those after it, which a device fills in.
  func folds(from chunk: Int) -> UnsafeMutablePointer<Double> {
    folds.pointer + chunk * quantities
  }

  /// Begins a pass.
  func begin() { isComplete = false }

  /// The fold slots of `count` quantities from `quantity` on, for the block's chunk. The chunk's first
  /// block finds them zero.
  func slots(_ block: SampleBlock, _ quantity: Int, count: Int) -> UnsafeMutablePointer<Double> {
    if let device {
      return device.sums + (block.place * quantities + quantity) * Kernels.foldSlots
    }
    let start = (block.chunk * quantities + quantity) * Kernels.foldSlots
    let slots = storage.pointer + start
    if block.part == 0 { slots.update(repeating: 0, count: count * Kernels.foldSlots) }
    return slots
  }

  /// The sum over all samples.
  ///
  /// *Precondition:* every rank asks for a total of the same passes.
  func total(_ quantity: Int) -> Double {
    if hasFolds {
      if !isComplete { exchange() }
      return totals.pointer[quantity]
    }
    var sum = 0.0
    for chunk in 0..<chunks {
      sum += Kernels.fold(
        storage.pointer + (chunk * quantities + quantity) * Kernels.foldSlots)
    }
    return sum
  }

  /// Folds the chunks of this rank, gets the folds of the others, and adds all of them.
  private func exchange() {
    let own = ranks.share(of: chunks)
    for place in (own.lowerBound * quantities)..<(own.upperBound * quantities) where device == nil {
      folds.pointer[place] = Kernels.fold(storage.pointer + place * Kernels.foldSlots)
    }
    ranks.gather(folds.pointer, total: chunks, width: quantities)
    // Chunk by chunk for all quantities at once: several additions at a time, in the same order.
    let sums = totals.pointer
    sums.update(repeating: 0, count: quantities)
    for chunk in 0..<chunks {
      let row = folds.pointer + chunk * quantities
      for quantity in 0..<quantities { sums[quantity] += row[quantity] }
    }
    isComplete = true
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
