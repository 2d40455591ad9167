import RSONumerics
import RSORanks

extension NetworkExecution {
  /// Returns a batch norm for each stage, each the identity at first.
  func makeAffines() -> [ChannelAffine] {
    geometries.map { ChannelAffine(channels: $0.outputs) }
  }

  /// Logits of `samples`, normalised with `statistics`.
  func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    let affines = makeAffines()
    setSampleNorms(in: affines)
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
    // A row per chunk; the last chunk may have fewer samples than its row has room for.
    let chunks = Self.chunks(of: samples.count)
    let logits = FloatStorage(count: chunks * Self.chunkSamples * classes)
    let lanes = lanes
    forEachBlock(of: samples.count) { block, scratch in
      scratch.begin()
      let values = forward.forward(block, scratch).fixedView(.stage(last)).values
      for lane in 0..<block.valid {
        let row = logits.pointer + (block.index * lanes + lane) * classes
        for k in 0..<classes { row[k] = values[k * lanes + lane] }
      }
    }
    ranks.gather(logits.pointer, total: chunks, width: Self.chunkSamples * classes)
    return Predictions(
      logits: Array(UnsafeBufferPointer(start: logits.pointer, count: samples.count * classes)),
      classes: classes)
  }
}
