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
  private let geometries: [StageGeometry]

  /// Filled on a slot's first visit in the layer.
  private(set) var loaded: [Bool]
  /// The neuron that a slot's residuals belong to, and how many of its changes the plane has seen.
  private(set) var neuron: [Int]
  private(set) var seen: [Int]

  private let labels: AlignedBuffer<Int32>
  private let images: FloatStorage?
  private let imageCount: Int
  private let cuts: [FloatStorage?]
  private let planes: FloatStorage
  private let residuals: [FloatStorage?]

  // One step's memory.
  private let bases: [FloatStorage?]
  private let candidates: [FloatStorage?]
  private let taps: FloatStorage

  init(plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution) {
    self.plan = plan
    self.batchSize = batchSize
    blocks = execution.blocks(of: batchSize)
    lanes = execution.lanes
    let geometries = execution.geometries
    self.geometries = geometries
    let perSlot = blocks * execution.lanes
    let perRotation = slots * perSlot
    loaded = Array(repeating: false, count: slots)
    neuron = Array(repeating: -1, count: slots)
    seen = Array(repeating: 0, count: slots)
    labels = AlignedBuffer(count: perRotation)
    imageCount = execution.sampleShape.count
    let needsImages = plan.readsSamples || plan.inputs.contains { geometries[$0].isCheap }
    images = needsImages ? FloatStorage(count: perRotation * imageCount) : nil
    cuts = geometries.indices.map { stage in
      plan.inputs.contains(stage) && !geometries[stage].isCheap
        ? FloatStorage(count: perRotation * geometries[stage].count) : nil
    }
    planes = FloatStorage(count: perRotation * geometries[plan.stage].area)
    taps = FloatStorage(count: perSlot * geometries[plan.stage].area)
    residuals = geometries.indices.map { stage in
      plan.keepsResidual(stage) ? FloatStorage(count: perRotation * geometries[stage].count) : nil
    }
    bases = geometries.indices.map { stage in
      plan.base.contains(stage) && !plan.keepsResidual(stage)
        ? FloatStorage(count: perSlot * geometries[stage].count) : nil
    }
    candidates = geometries.indices.map { stage in
      plan.isStored[stage] ? FloatStorage(count: 3 * perSlot * geometries[stage].count) : nil
    }
  }

  func markLoaded(_ slot: Int) { loaded[slot] = true }
  func markFilled(_ slot: Int, neuron: Int, changes: Int) {
    self.neuron[slot] = neuron
    seen[slot] = changes
  }
  func markSeen(_ slot: Int, changes: Int) { seen[slot] = changes }
  func forget(_ slot: Int) {
    loaded[slot] = false
    neuron[slot] = -1
  }

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
  /// Values of a stage of `plan.base` for the slot being filled.
  func base(_ stage: Int, _ slot: Int, _ block: Int) -> MutableFloats? {
    residual(stage, slot, block)
      ?? bases[stage].map { $0.pointer + at(0, block, geometries[stage].count) }
  }
  func candidate(_ stage: Int, _ candidate: Int, _ block: Int) -> MutableFloats? {
    candidates[stage].map { $0.pointer + at(candidate, block, geometries[stage].count) }
  }
  /// What the weight at hand sees of the input, as a plane of the searched stage.
  func tap(_ block: Int) -> MutableFloats {
    taps.pointer + at(0, block, geometries[plan.stage].area)
  }
}
