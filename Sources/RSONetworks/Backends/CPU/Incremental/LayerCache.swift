import RSONumerics

/// The values that are kept of each minibatch of a layer's rotation between visits, and the memory that
/// one step works in.
///
/// A class by nature: it owns gigabytes.
final class LayerCache {
  let plan: StepPlan
  let batchSize: Int
  let blocks: Int
  private let lanes: Int
  private let storage: StoragePool
  private let geometries: [KernelGeometry]

  /// The training samples of each minibatch slot, from its first visit in the layer on.
  private(set) var samples: [[Int32]]
  /// The same as the kernels read it.
  private var orders: [SampleOrder?]
  /// The neuron's visit that a slot's base sums belong to.
  private(set) var visit: [Int]
  /// The number of the visit's changes that a slot's plane includes.
  private(set) var seen: [Int]
  /// The visit of a group of outputs that a slot's shared sums belong to.
  private var group: [Int]

  /// True if the searched stage's values of all channels are kept for every slot, so that a new
  /// neuron computes only the channels whose weights have changed. False for a cheap stage, whose
  /// output is large.
  let keepsSearchedStage: Bool
  /// The version of the weights that each slot's kept values of a channel belong to.
  private var versions: [[Int]]
  /// The moments of each slot's kept values of a channel.
  private var searchedMoments: [[Moments]]

  private let targets: TargetStorage
  private let images: StoragePool.Share?
  private let imageCount: Int
  private let earlier: [StoragePool.Share?]
  private let planes: StoragePool.Share
  private let baseSums: [StoragePool.Share?]
  private let sharedSums: [StoragePool.Share?]

  // One step's memory.
  private let baseValues: [StoragePool.Share?]
  private let candidates: [StoragePool.Share?]
  /// The number of candidates whose values lie in the storage of each stage.
  private let places: [Int]
  private let taps: StoragePool.Share

  init(
    plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution, task: LearningTask,
    limit: Int
  ) {
    self.plan = plan
    self.batchSize = batchSize
    blocks = execution.blocks(of: batchSize)
    lanes = execution.lanes
    geometries = execution.geometries
    let pool = execution.storage
    storage = pool
    let sizes = LayerCacheSizes(
      plan: plan, slots: slots, batchSize: batchSize, execution: execution, task: task,
      limit: limit)
    samples = Array(repeating: [], count: slots)
    orders = Array(repeating: nil, count: slots)
    visit = Array(repeating: -1, count: slots)
    seen = Array(repeating: 0, count: slots)
    group = Array(repeating: -1, count: slots)
    let outputs = geometries[plan.stage].outputs
    keepsSearchedStage = sizes.keepsSearchedStage
    versions = Array(
      repeating: Array(repeating: -1, count: outputs), count: keepsSearchedStage ? slots : 0)
    searchedMoments = Array(
      repeating: Array(repeating: .none, count: outputs),
      count: keepsSearchedStage ? slots : 0)
    targets = TargetStorage(
      task: task, outputs: execution.outputs, blocks: slots * execution.blocks(of: batchSize),
      lanes: execution.lanes, on: execution.device)
    imageCount = execution.sampleShape.count
    pool.prepare(for: sizes.buffers)
    images = sizes.images.map(pool.take)
    earlier = sizes.earlier.map { $0.map(pool.take) }
    planes = pool.take(sizes.planes)
    taps = pool.take(sizes.taps)
    baseSums = sizes.baseSums.map { $0.map(pool.take) }
    baseValues = sizes.baseValues.map { $0.map(pool.take) }
    var candidates: [StoragePool.Share?] = []
    var places: [Int] = []
    for stage in geometries.indices {
      candidates.append(
        plan.storage.overwritten[stage].map { candidates[$0] }
          ?? sizes.candidates[stage].map(pool.take))
      places.append(
        plan.storage.overwritten[stage].map { places[$0] } ?? plan.storedCandidates(stage))
    }
    self.candidates = candidates
    self.places = places
    sharedSums = sizes.sharedSums.map { $0.map(pool.take) }
  }

  deinit {
    let own = candidates.enumerated().map { plan.storage.overwritten[$0] == nil ? $1 : nil }
    let optional = [images] + earlier + baseSums + baseValues + own + sharedSums
    for share in optional.compactMap({ $0 }) + [planes, taps] { storage.put(share) }
  }

  func isLoaded(_ slot: Int) -> Bool { !samples[slot].isEmpty }
  func markLoaded(_ slot: Int, _ samples: [Int32], _ order: SampleOrder) {
    self.samples[slot] = samples
    orders[slot] = order
  }
  /// The samples of a minibatch slot, as the kernels read them.
  func order(_ slot: Int) -> SampleOrder? { orders[slot] }
  func markFilled(_ slot: Int, visit: Int, changes: Int) {
    self.visit[slot] = visit
    seen[slot] = changes
  }
  func isShared(_ slot: Int, group: Int) -> Bool { self.group[slot] == group }
  func markShared(_ slot: Int, group: Int) {
    guard sharedSums.contains(where: { $0 != nil }) else { return }
    self.group[slot] = group
  }
  func markSeen(_ slot: Int, changes: Int) { seen[slot] = changes }
  func forget(_ slot: Int) {
    samples[slot] = []
    orders[slot] = nil
    visit[slot] = -1
    group[slot] = -1
    if keepsSearchedStage {
      for channel in versions[slot].indices { versions[slot][channel] = -1 }
    }
  }

  /// Channels whose kept values do not belong to the current weights; all where none are kept.
  func staleChannels(_ slot: Int, _ current: [Int]) -> [Int] {
    keepsSearchedStage
      ? current.indices.filter { versions[slot][$0] != current[$0] } : Array(current.indices)
  }
  func markFresh(_ slot: Int, _ channel: Int, version: Int, moments: Moments) {
    guard keepsSearchedStage else { return }
    versions[slot][channel] = version
    searchedMoments[slot][channel] = moments
  }
  func moments(_ slot: Int, _ channel: Int) -> Moments { searchedMoments[slot][channel] }

  /// The first element of a block, where a sample has `count` elements.
  private func at(_ slot: Int, _ block: Int, _ count: Int) -> Int {
    (slot * blocks + block) * count * lanes
  }

  func targets(_ slot: Int, _ block: Int) -> BlockTargets { targets.block(slot * blocks + block) }
  func store(_ targets: Targets, _ slot: Int, of order: SampleOrder) {
    self.targets.store(targets, of: order, from: slot * blocks)
  }
  func images(_ slot: Int, _ block: Int) -> MutableFloats? {
    images.map { $0.pointer + at(slot, block, imageCount) }
  }
  /// An earlier stage's values, where they are kept.
  func earlier(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    earlier[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// The searched channel of the searched stage.
  func plane(_ slot: Int, _ block: Int) -> MutableFloats {
    planes.pointer + at(slot, block, geometries[plan.stage].area)
  }
  func baseSum(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    baseSums[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// The part of a base sum from channels outside the group, where that is kept.
  func sharedSum(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    sharedSums[stage].map { $0.pointer + at(slot, block, geometries[stage].count) }
  }
  /// The values of a stage of `plan.baseStages`, without the searched channel, for the slot being
  /// filled.
  func baseValues(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    baseSum(stage, slot, block)
      ?? baseValues[stage].map {
        let place = stage == plan.stage && keepsSearchedStage ? slot : 0
        return $0.pointer + at(place, block, geometries[stage].count)
      }
  }
  func candidate(_ stage: Int, _ candidate: Int, _ block: Int) -> MutableFloats? {
    let place = places[stage] == 1 ? 0 : candidate
    return candidates[stage].map { $0.pointer + at(place, block, geometries[stage].count) }
  }
  /// The tap of the current weight, as a plane of the searched stage.
  func tap(_ block: Int) -> MutableFloats {
    taps.pointer + at(0, block, geometries[plan.stage].area)
  }
}
