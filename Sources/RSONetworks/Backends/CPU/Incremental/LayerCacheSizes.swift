import RSONumerics

/// The sizes of a `LayerCache`, in elements; nil: nothing of that kind.
///
/// Values that are not kept are computed again where they are read, to the same bits. So the limit
/// decides only speed and memory. What a step cannot do without comes first. Then, while there is room:
/// the samples, the layers before, the searched stage's values, and the sums that neighbouring outputs
/// share.
///
/// Plain numbers, so that the estimate of a run's memory uses the numbers that are allocated.
package struct LayerCacheSizes {
  /// The default limit: 5 GB of floats.
  package static let limit = 5_000_000_000 / MemoryLayout<Float>.stride
  /// With shared sums, the whole cache has at most 2 GB of floats: larger ones save little time.
  private static let limitOfShared = 2_000_000_000 / MemoryLayout<Float>.stride

  let keepsSearchedStage: Bool
  let targets: Int
  let images: Int?
  let earlier: [Int?]
  let planes: Int
  let taps: Int
  let baseSums: [Int?]
  /// All of them or none.
  let sharedSums: [Int?]
  let baseValues: [Int?]
  /// It is nil also for a stage whose values overwrite another stage's.
  let candidates: [Int?]

  /// More than any machine has, so that sizes which fit no machine still add up without overflow.
  private static let most = 1 << 46

  /// Returns `a` times `b`, at most `most`.
  static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? most : min(product, most)
  }

  init(
    plan: StepPlan, slots: Int, batchSize: Int, execution: NetworkExecution, task: LearningTask,
    limit: Int = Self.limit
  ) {
    let geometries = execution.geometries
    let perSlot = execution.blocks(of: batchSize) * execution.lanes
    let perRotation = Self.product(slots, perSlot)
    let searched = geometries[plan.stage]
    targets = Self.product(
      perRotation, TargetStorage.size(task, outputs: execution.outputs))
    planes = Self.product(perRotation, searched.area)
    taps = Self.product(perSlot, searched.area)
    baseSums = geometries.indices.map { stage in
      plan.keepsBaseSum(stage) ? Self.product(perRotation, geometries[stage].count) : nil
    }
    var baseValues = geometries.indices.map { stage in
      plan.baseStages.contains(stage) && !plan.keepsBaseSum(stage)
        ? Self.product(perSlot, geometries[stage].count) : nil
    }
    candidates = geometries.indices.map { stage in
      plan.storage.isStored[stage] && plan.storage.overwritten[stage] == nil
        ? Self.product(
          plan.storedCandidates(stage), Self.product(perSlot, geometries[stage].count)) : nil
    }
    var room = limit - targets - planes - taps
    for sizes in [baseSums, baseValues, candidates] { room -= sizes.reduce(0) { $0 + ($1 ?? 0) } }

    /// Takes room for `count` more elements; returns whether there is as much.
    func fits(_ count: Int) -> Bool {
      guard count <= room else { return false }
      room -= count
      return true
    }
    let allImages = Self.product(perRotation, execution.sampleShape.count)
    let needsImages = plan.readsSamples || plan.earlierStages.contains { geometries[$0].isCheap }
    var images = needsImages && fits(allImages) ? allImages : nil
    let earlier = geometries.indices.map { stage in
      let count = Self.product(perRotation, geometries[stage].count)
      return plan.earlierStages.contains(stage) && !geometries[stage].isCheap && fits(count)
        ? count : nil
    }
    // Layers that are not kept are computed from the samples.
    if images == nil, plan.earlierStages.contains(where: { earlier[$0] == nil }), fits(allImages) {
      images = allImages
    }
    self.images = images
    self.earlier = earlier
    let all = Self.product(perRotation, searched.count)
    keepsSearchedStage =
      !searched.isCheap && baseValues[plan.stage] != nil
      && fits(all - (baseValues[plan.stage] ?? 0))
    if keepsSearchedStage { baseValues[plan.stage] = all }
    self.baseValues = baseValues
    let sharedSums = geometries.indices.map { stage in
      plan.sharesBaseSum(stage) ? Self.product(perRotation, geometries[stage].count) : nil
    }
    room = min(room, Self.limitOfShared - (limit - room))
    let fitsShared = fits(sharedSums.reduce(0) { $0 + ($1 ?? 0) })
    self.sharedSums = sharedSums.map { fitsShared ? $0 : nil }
  }

  /// Buffers of floats, in the order in which they are taken from the pool.
  var buffers: [Int] {
    let each: [[Int?]] = [
      [images], earlier, [planes, taps], baseSums, baseValues, candidates, sharedSums,
    ]
    return each.flatMap { $0.compactMap { $0 } }
  }
}
