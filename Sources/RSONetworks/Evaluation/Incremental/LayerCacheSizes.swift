/// How much a `LayerCache` keeps, in elements; nil: nothing of that kind.
///
/// Plain numbers, so that an estimate of a run's memory is made of the very ones that are allocated.
struct LayerCacheSizes {
  let keepsBase: Bool
  let labels: Int
  let images: Int?
  let cuts: [Int?]
  let planes: Int
  let taps: Int
  let residuals: [Int?]
  let bases: [Int?]
  /// Nil also for a stage whose values take the place of another's.
  let candidates: [Int?]

  init(plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution) {
    let geometries = execution.geometries
    let perSlot = execution.blocks(of: batchSize) * execution.lanes
    let perRotation = slots * perSlot
    let searched = geometries[plan.stage]
    let keepsBase = !searched.isCheap && !plan.keepsResidual(plan.stage)
    self.keepsBase = keepsBase
    labels = perRotation
    let needsImages = plan.readsSamples || plan.inputs.contains { geometries[$0].isCheap }
    images = needsImages ? perRotation * execution.sampleShape.count : nil
    cuts = geometries.indices.map { stage in
      plan.inputs.contains(stage) && !geometries[stage].isCheap
        ? perRotation * geometries[stage].count : nil
    }
    planes = perRotation * searched.area
    taps = perSlot * searched.area
    residuals = geometries.indices.map { stage in
      plan.keepsResidual(stage) ? perRotation * geometries[stage].count : nil
    }
    bases = geometries.indices.map { stage in
      guard plan.base.contains(stage), !plan.keepsResidual(stage) else { return nil }
      return (stage == plan.stage && keepsBase ? perRotation : perSlot) * geometries[stage].count
    }
    candidates = geometries.indices.map { stage in
      plan.isStored[stage] && plan.overwritten[stage] == nil
        ? 3 * perSlot * geometries[stage].count : nil
    }
  }

  /// Buffers of floats, in the order in which they are taken from the pool.
  var buffers: [Int] {
    let each: [[Int?]] = [[images], cuts, [planes, taps], residuals, bases, candidates]
    return each.flatMap { $0.compactMap { $0 } }
  }
}
