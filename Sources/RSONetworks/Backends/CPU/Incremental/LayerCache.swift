import RSONumerics

/// What is kept of each minibatch of a layer's rotation between visits, and the memory that one
/// step works in.
///
/// A class by nature: it owns gigabytes.
final class LayerCache {
  let plan: StepPlan
  let batchSize: Int
  let blocks: Int
  private let lanes: Int
  private let storage: StoragePool
  private let geometries: [StageGeometry]

  /// The training samples of a slot, from its first visit in the layer on.
  private(set) var samples: [[Int32]]
  /// The neuron that a slot's residuals belong to, and how many of its changes the plane has seen.
  private(set) var neuron: [Int]
  private(set) var seen: [Int]
  /// The group of outputs that what a slot's residuals share belongs to.
  private var group: [Int]

  /// Whether the searched stage's values of all channels are kept for every slot, so that a new
  /// neuron computes only the channels again whose weights have changed. Not for a stage that is
  /// cheap to compute, and large.
  let keepsBase: Bool
  /// For every slot and channel of the kept values: the state of the weights that they belong to,
  /// and their moments.
  private var versions: [[Int]]
  private var baseMoments: [[Moments]]

  private let labels: AlignedBuffer<Int32>
  private let images: StoragePool.Share?
  private let imageCount: Int
  private let cuts: [StoragePool.Share?]
  private let planes: StoragePool.Share
  private let residuals: [StoragePool.Share?]
  private let shared: [StoragePool.Share?]

  // One step's memory.
  private let bases: [StoragePool.Share?]
  private let candidates: [StoragePool.Share?]
  /// How many candidates' values lie in the storage of each stage.
  private let places: [Int]
  private let taps: StoragePool.Share

  init(plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution, limit: Int) {
    self.plan = plan
    self.batchSize = batchSize
    blocks = execution.blocks(of: batchSize)
    lanes = execution.lanes
    geometries = execution.geometries
    let pool = execution.storage
    storage = pool
    let sizes = LayerCacheSizes(
      plan: plan, slots: slots, batchSize: batchSize, execution: execution, limit: limit)
    samples = Array(repeating: [], count: slots)
    neuron = Array(repeating: -1, count: slots)
    seen = Array(repeating: 0, count: slots)
    group = Array(repeating: -1, count: slots)
    let outputs = geometries[plan.stage].outputs
    keepsBase = sizes.keepsBase
    versions = Array(
      repeating: Array(repeating: -1, count: outputs), count: keepsBase ? slots : 0)
    baseMoments = Array(
      repeating: Array(repeating: Moments(sum: 0, squares: 0, count: 1), count: outputs),
      count: keepsBase ? slots : 0)
    labels = AlignedBuffer(count: sizes.labels)
    imageCount = execution.sampleShape.count
    pool.prepare(for: sizes.buffers)
    images = sizes.images.map(pool.take)
    cuts = sizes.cuts.map { $0.map(pool.take) }
    planes = pool.take(sizes.planes)
    taps = pool.take(sizes.taps)
    residuals = sizes.residuals.map { $0.map(pool.take) }
    bases = sizes.bases.map { $0.map(pool.take) }
    var candidates: [StoragePool.Share?] = []
    var places: [Int] = []
    for stage in geometries.indices {
      candidates.append(
        plan.overwritten[stage].map { candidates[$0] } ?? sizes.candidates[stage].map(pool.take))
      places.append(plan.overwritten[stage].map { places[$0] } ?? plan.storedCandidates(stage))
    }
    self.candidates = candidates
    self.places = places
    shared = sizes.shared.map { $0.map(pool.take) }
  }

  deinit {
    let own = candidates.enumerated().map { plan.overwritten[$0] == nil ? $1 : nil }
    let optional = [images] + cuts + residuals + bases + own + shared
    for share in optional.compactMap({ $0 }) + [planes, taps] { storage.put(share) }
  }

  func isLoaded(_ slot: Int) -> Bool { !samples[slot].isEmpty }
  func markLoaded(_ slot: Int, _ samples: [Int32]) { self.samples[slot] = samples }
  func markFilled(_ slot: Int, neuron: Int, changes: Int) {
    self.neuron[slot] = neuron
    seen[slot] = changes
  }
  func isShared(_ slot: Int, group: Int) -> Bool { self.group[slot] == group }
  func markShared(_ slot: Int, group: Int) {
    guard shared.contains(where: { $0 != nil }) else { return }
    self.group[slot] = group
  }
  func markSeen(_ slot: Int, changes: Int) { seen[slot] = changes }
  func forget(_ slot: Int) {
    samples[slot] = []
    neuron[slot] = -1
    group[slot] = -1
    if keepsBase {
      for channel in versions[slot].indices { versions[slot][channel] = -1 }
    }
  }

  /// Channels of the kept values that do not belong to the weights at hand.
  func staleChannels(_ slot: Int, _ current: [Int]) -> [Int] {
    keepsBase
      ? current.indices.filter { versions[slot][$0] != current[$0] } : Array(current.indices)
  }
  func markFresh(_ slot: Int, _ channel: Int, version: Int, moments: Moments) {
    guard keepsBase else { return }
    versions[slot][channel] = version
    baseMoments[slot][channel] = moments
  }
  func moments(_ slot: Int, _ channel: Int) -> Moments { baseMoments[slot][channel] }

  private func at(_ slot: Int, _ block: Int, _ count: Int) -> Int {
    (slot * blocks + block) * count * lanes
  }

  func labels(_ slot: Int, _ block: Int) -> UnsafeMutablePointer<Int32> {
    labels.pointer + at(slot, block, 1)
  }
  func images(_ slot: Int, _ block: Int) -> MutableFloats? {
    images.map { $0.pointer + at(slot, block, imageCount) }
  }
  /// An earlier stage's values, where they are kept.
  func cut(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    cuts[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// The searched channel of the searched stage.
  func plane(_ slot: Int, _ block: Int) -> MutableFloats {
    planes.pointer + at(slot, block, geometries[plan.stage].area)
  }
  func residual(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    residuals[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// What a residual holds of channels outside the group, where that is kept.
  func shared(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    shared[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// Values of a stage of `plan.base` for the slot being filled.
  func base(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    residual(stage, slot, block)
      ?? bases[stage].map {
        let place = stage == plan.stage && keepsBase ? slot : 0
        return $0.pointer + at(place, block, geometries[stage].count)
      }
  }
  func candidate(_ stage: Int, _ candidate: Int, _ block: Int) -> MutableFloats? {
    let place = places[stage] == 1 ? 0 : candidate
    return candidates[stage].map { $0.pointer + at(place, block, geometries[stage].count) }
  }
  /// What the weight at hand sees of the input, as a plane of the searched stage.
  func tap(_ block: Int) -> MutableFloats {
    taps.pointer + at(0, block, geometries[plan.stage].area)
  }
}
