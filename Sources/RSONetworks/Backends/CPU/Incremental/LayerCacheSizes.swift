/// How much a `LayerCache` keeps, in elements; nil: nothing of that kind.
///
/// What is not kept is computed again where it is read, to the same bits; so how much is kept decides
/// speed and memory alone. Kept is first what a step cannot do without, then, while there is room
/// within `limit`, the samples, the layers before, the searched stage's values and what the residuals of
/// neighbouring outputs share.
///
/// Plain numbers, so that an estimate of a run's memory is made of the very ones that are allocated.
package struct LayerCacheSizes {
  /// Elements: 5 GB of floats.
  package static let limit = 5_000_000_000 / MemoryLayout<Float>.stride
  /// With what residuals share: 2 GB, for it saves little where it is that large.
  private static let limitOfShared = 2_000_000_000 / MemoryLayout<Float>.stride

  let keepsBase: Bool
  let labels: Int
  let images: Int?
  let cuts: [Int?]
  let planes: Int
  let taps: Int
  let residuals: [Int?]
  /// All or none of them.
  let shared: [Int?]
  let bases: [Int?]
  /// Nil also for a stage whose values take the place of another's.
  let candidates: [Int?]

  /// More than any machine has; so that what is counted of networks and data that fit on none adds up.
  private static let most = 1 << 46

  /// `a` times `b`, at most `most`.
  static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? most : min(product, most)
  }

  init(
    plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution, limit: Int = Self.limit
  ) {
    let geometries = execution.geometries
    let perSlot = execution.blocks(of: batchSize) * execution.lanes
    let perRotation = Self.product(slots, perSlot)
    let searched = geometries[plan.stage]
    labels = perRotation
    planes = Self.product(perRotation, searched.area)
    taps = Self.product(perSlot, searched.area)
    residuals = geometries.indices.map { stage in
      plan.keepsResidual(stage) ? Self.product(perRotation, geometries[stage].count) : nil
    }
    var bases = geometries.indices.map { stage in
      plan.base.contains(stage) && !plan.keepsResidual(stage)
        ? Self.product(perSlot, geometries[stage].count) : nil
    }
    candidates = geometries.indices.map { stage in
      plan.isStored[stage] && plan.overwritten[stage] == nil
        ? Self.product(
          plan.storedCandidates(stage), Self.product(perSlot, geometries[stage].count)) : nil
    }
    var room = limit - labels - planes - taps
    for sizes in [residuals, bases, candidates] { room -= sizes.reduce(0) { $0 + ($1 ?? 0) } }

    /// Whether there is room for so many elements more, which is then taken.
    func fits(_ count: Int) -> Bool {
      guard count <= room else { return false }
      room -= count
      return true
    }
    let allImages = Self.product(perRotation, execution.sampleShape.count)
    let needsImages = plan.readsSamples || plan.inputs.contains { geometries[$0].isCheap }
    var images = needsImages && fits(allImages) ? allImages : nil
    let cuts = geometries.indices.map { stage in
      let count = Self.product(perRotation, geometries[stage].count)
      return plan.inputs.contains(stage) && !geometries[stage].isCheap && fits(count) ? count : nil
    }
    // Layers that are not kept are computed from the samples.
    if images == nil, plan.inputs.contains(where: { cuts[$0] == nil }), fits(allImages) {
      images = allImages
    }
    self.images = images
    self.cuts = cuts
    let base = Self.product(perRotation, searched.count)
    keepsBase =
      !searched.isCheap && bases[plan.stage] != nil && fits(base - (bases[plan.stage] ?? 0))
    if keepsBase { bases[plan.stage] = base }
    self.bases = bases
    let shared = geometries.indices.map { stage in
      plan.sharesResidual(stage) ? Self.product(perRotation, geometries[stage].count) : nil
    }
    room = min(room, Self.limitOfShared - (limit - room))
    let fitsShared = fits(shared.reduce(0) { $0 + ($1 ?? 0) })
    self.shared = shared.map { fitsShared ? $0 : nil }
  }

  /// Buffers of floats, in the order in which they are taken from the pool.
  var buffers: [Int] {
    let each: [[Int?]] = [
      [images], cuts, [planes, taps], residuals, bases, candidates, shared,
    ]
    return each.flatMap { $0.compactMap { $0 } }
  }
}
