import RSONumerics

extension NetworkExecution {
  /// A batch norm a stage, all without effect so far.
  func makeAffines() -> [ChannelAffine] {
    geometries.map { ChannelAffine(channels: $0.outputs) }
  }

  func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    let affines = makeAffines()
    for (stage, spec) in graph.stages.enumerated() {
      guard spec.normalized, let layer = spec.layer else { continue }
      for channel in 0..<geometries[stage].outputs {
        normalize(
          stage, channel: channel, mean: Double(statistics.mean[layer][channel]),
          variance: Double(statistics.variance[layer][channel]), into: affines[stage])
      }
    }
    let forward = FixedForward(execution: self, samples: samples, affines: affines)
    let last = graph.stages.count - 1
    let classes = geometries[last].outputs
    let logits = FloatStorage(count: samples.count * classes)
    let lanes = lanes
    forEachBlock(of: samples.count) { position, scratch in
      scratch.begin()
      let block = forward.view(.stage(last), position, scratch).values
      for lane in 0..<position.valid {
        let row = logits.pointer + (position.block * lanes + lane) * classes
        for k in 0..<classes { row[k] = block[k * lanes + lane] }
      }
    }
    return Predictions(
      logits: Array(UnsafeBufferPointer(start: logits.pointer, count: samples.count * classes)),
      classes: classes)
  }
}
