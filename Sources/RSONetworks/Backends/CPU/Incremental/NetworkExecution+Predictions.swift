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
    let forward = FixedForward(
      execution: self, packer: SamplePacker(samples, self), affines: affines)
    let last = graph.stages.count - 1
    let logits = FloatStorage(
      count: rowsSize(samples: samples.count), on: device, isShared: true)
    forEachBlock(of: samples.count) { block, scratch in
      scratch.begin()
      let values = forward.forward(block, scratch).fixedView(.stage(last)).values
      copyRows(values, of: block, to: logits)
    }
    gatherRows(logits, samples: samples.count)
    return Predictions(
      logits: Array(UnsafeBufferPointer(start: logits.pointer, count: samples.count * outputs)),
      classes: outputs)
  }

  // MARK: Rows of outputs

  /// The size of an array with the outputs of samples, a row for each. It has whole chunks, so that each rank has
  /// its own part; the last chunk may have fewer samples than room.
  func rowsSize(samples: Int) -> Int {
    Self.chunks(of: samples) * Self.chunkSamples * outputs
  }

  /// Copies the outputs of a block to the rows of its samples.
  func copyRows(_ values: Floats, of block: SampleBlock, to rows: FloatStorage) {
    kernels.copyRows(
      values, count: outputs, valid: block.valid,
      into: rows.pointer + block.index * block.lanes * outputs)
  }

  /// Completes rows of which each rank has those of its own chunks.
  func gatherRows(_ rows: FloatStorage, samples: Int) {
    rows.read()
    ranks.gather(
      rows.pointer, total: Self.chunks(of: samples), width: Self.chunkSamples * outputs)
  }
}
