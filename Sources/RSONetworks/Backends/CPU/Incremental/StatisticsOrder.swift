/// Decides which stages' values are kept while statistics are computed up to stage `last`.
struct StatisticsOrder {
  let geometries: [KernelGeometry]
  let last: Int
  /// For each stage, whether a pass over the samples computes it: for its statistics, or because several
  /// stages read its values. Other values are computed again where they are read.
  private let visited: [Bool]

  init(geometries: [KernelGeometry], last: Int) {
    self.geometries = geometries
    self.last = last
    visited = geometries.indices.map { stage in
      geometries[stage].stage.normalized
        || geometries[...last].count(where: { $0.stage.reads(stage) }) > 1
          && !geometries[stage].isCheap
    }
  }

  func isVisited(_ stage: Int) -> Bool { visited[stage] }

  /// True if a stage's values are kept. A cheap stage is not: its output is the largest of all.
  func isKept(_ stage: Int) -> Bool {
    visited[stage] && isRead(stage, after: stage) && !geometries[stage].isCheap
  }

  /// The stage, from `first` on, whose kept values are overwritten by this stage's own: no other stage
  /// reads them.
  func overwritten(_ stage: Int, from first: Int) -> Int? {
    let geometry = geometries[stage]
    guard case .stage(let source) = geometry.stage.source, source >= first, isKept(source),
      geometry.weightOffset != nil,
      geometry.count == geometries[source].count,
      !isRead(source, after: stage)
    else { return nil }
    // A skip that is not kept is computed again meanwhile, from `source` perhaps.
    if let skip = geometry.stage.skip, case .stage(let other) = skip {
      guard other != source, isKept(other) else { return nil }
    }
    return source
  }

  /// True if a stage after `reader` reads the values, or computes a value again from them.
  func isRead(_ stage: Int, after reader: Int) -> Bool {
    guard reader < last else { return false }
    if geometries[(reader + 1)...last].contains(where: { $0.stage.reads(stage) }) { return true }
    return reader > stage
      && geometries[(stage + 1)...reader].indices.contains {
        geometries[$0].stage.reads(stage) && !visited[$0] && isRead($0, after: reader)
      }
  }
}
