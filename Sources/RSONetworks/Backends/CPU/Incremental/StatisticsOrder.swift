/// Decides which stages' values are kept while statistics are computed up to stage `last`.
struct StatisticsOrder {
  let geometries: [KernelGeometry]
  let last: Int

  /// True if a stage's values are kept. A cheap stage is not: its output is the largest of all.
  func isKept(_ stage: Int) -> Bool {
    isRead(stage, after: stage) && !geometries[stage].isCheap
  }

  /// The stage, from `first` on, whose kept values are overwritten by this stage's own: no other stage
  /// reads them.
  func overwritten(_ stage: Int, from first: Int) -> Int? {
    let geometry = geometries[stage]
    guard case .stage(let source) = geometry.stage.source, source >= first, isKept(source),
      geometries[source].stage.normalized, geometry.weightOffset != nil,
      geometry.count == geometries[source].count,
      !isRead(source, after: stage)
    else { return nil }
    // A skip that is not kept is computed again meanwhile, from `source` perhaps.
    if let skip = geometry.stage.skip, case .stage(let other) = skip {
      guard other != source, isKept(other), geometries[other].stage.normalized else { return nil }
    }
    return source
  }

  func isRead(_ stage: Int, after reader: Int) -> Bool {
    reader < last
      && geometries[(reader + 1)...last].contains {
        $0.stage.source == .stage(stage) || $0.stage.skip == .stage(stage)
      }
  }
}
