import RSODevices
import RSONumerics
import RSORanks

/// A network prepared for evaluation: its parameters in the form that the kernels need, the
/// threads, and each thread's working memory.
///
/// A class by nature: it owns memory and threads.
final class NetworkExecution {
  let graph: StageGraph
  let epsilon: Double
  let geometries: [KernelGeometry]
  let kernels: Kernels
  let lanes: Int
  let workers: WorkerPool
  /// The device that runs the passes; nil for the processor.
  let device: DeviceSession?
  /// The processes that share the chunks of every pass.
  let ranks: any Ranks
  /// The sizes for each thread. `scratch` is empty where nothing will be computed.
  let scratchSizes: WorkerScratchSizes
  let scratch: [WorkerScratch]
  private(set) var parameters: [Float]
  /// The parameters as the kernels multiply with them: a folded stage's weights are divided by the
  /// area of its pool's window.
  private let weights: FloatStorage
  /// The transformed weights of stages that use Winograd's minimal filtering, in one piece of memory: a device
  /// bounds how many pieces a pass reads.
  private let transformed: FloatStorage
  /// The part of each stage.
  private let transformedParts: [Range<Int>?]
  /// Weights as pairs of bf16 numbers, for stages whose convolutions may use them on this path.
  private let paired: [FloatStorage?]
  let operations: StageOperations
  private let stageOfLayer: [Int]
  /// The identity: samples have no batch norm.
  let sampleAffine: ChannelAffine
  let sampleShape: ImageShape

  /// Memory that the next layer may use once a layer has finished with it.
  let storage: StoragePool
  private var sums: [SIMD2<Int>: ChunkSums] = [:]
  private var rows: [FloatStorage] = []

  static let chunkSamples = Chunks.samples

  /// - Parameter threads: 0 for the sizes alone.
  init(
    architecture: Architecture, parameters: [Float], kernels: Kernels, path: NumericPath,
    threads: Int, ranks: any Ranks = SoleRank(), device: DeviceSession? = nil
  ) throws(ArchitectureError) {
    precondition(kernels.numericPaths.contains(path))
    var graph = try StageGraph(architecture)
    precondition(parameters.count == graph.layout.parameterCount, "checked by the evaluator")
    // Logits that are a batch norm's output get a stage of their own, as they need all channels.
    if let last = graph.stages.last, last.normalized {
      graph.stages.append(
        Stage(
          name: "output", source: .stage(graph.stages.count - 1), prologue: [],
          inputShape: last.outputShape, operation: nil, outputShape: last.outputShape,
          layer: nil, normalized: false))
    }
    self.graph = graph
    epsilon = architecture.epsilon
    sampleShape = architecture.input
    let stages = graph.stages
    let layout = graph.layout
    let input = architecture.input
    let geometries = stages.map { [graph] stage in
      KernelGeometry(
        stage: stage, sourceShape: graph.shape(of: stage.source, samples: input),
        skipShape: stage.skip.map { graph.shape(of: $0, samples: input) }, layout: layout,
        path: path)
    }
    self.geometries = geometries
    self.kernels = kernels
    lanes = kernels.lanes
    workers = WorkerPool(threads: device == nil ? max(1, threads) : 1)
    self.ranks = ranks
    self.device = device
    storage = StoragePool(on: device)
    let sizes = WorkerScratchSizes(
      geometries: geometries, imageCount: input.count, kernels: kernels,
      usesPairs: path == .bf16AVX512)
    scratchSizes = sizes
    scratch = (0..<min(threads, workers.threads)).map { _ in
      WorkerScratch(sizes, on: device)
    }
    var stageOfLayer = Array(repeating: 0, count: layout.layers.count)
    for (index, stage) in stages.enumerated() {
      if let layer = stage.layer { stageOfLayer[layer] = index }
    }
    self.stageOfLayer = stageOfLayer
    self.parameters = parameters
    weights = FloatStorage(count: parameters.count, on: device, isShared: true)
    sampleAffine = ChannelAffine(channels: input.channels)
    var end = 0
    let parts = geometries.map { geometry -> Range<Int>? in
      guard geometry.usesWinograd else { return nil }
      let start = end
      // Each begins at a cache line.
      end += (Kernels.transformedCount(geometry) + 15) / 16 * 16
      return start..<end
    }
    transformedParts = parts
    let transformed = FloatStorage(count: end, on: device, isShared: true)
    self.transformed = transformed
    paired = geometries.map { geometry in
      path == .bf16AVX512 && geometry.mayUsePairs
        ? FloatStorage(count: geometry.outputs * geometry.pairs * geometry.kernelArea) : nil
    }
    operations = StageOperations(
      geometries: geometries, kernels: kernels, weights: weights.pointer,
      transformed: parts.map { $0.map { Floats(transformed.pointer + $0.lowerBound) } },
      paired: paired.map { $0.map { Floats($0.pointer) } }, epsilon: Float(architecture.epsilon))
    prepareWeights()
  }

  /// Replaces all parameters.
  func replaceParameters(with parameters: [Float]) {
    self.parameters = parameters
    prepareWeights()
  }

  /// Brings all copies of the parameters that the kernels multiply with up to date.
  private func prepareWeights() {
    for (offset, value) in parameters.enumerated() { weights.pointer[offset] = value }
    for geometry in geometries where geometry.folding != nil {
      guard let start = geometry.weightOffset else { continue }
      for offset in start..<(start + geometry.outputs * geometry.fanIn) {
        weights.pointer[offset] *= geometry.weightFactor
      }
    }
    for (stage, geometry) in geometries.enumerated() where geometry.weightOffset != nil {
      for output in 0..<geometry.outputs {
        for input in 0..<geometry.inputsPerGroup {
          prepareKernel(stage, input: input, output: output)
        }
      }
    }
    weights.changed(0..<parameters.count)
  }

  /// Brings the copies of a kernel's weights that the stage multiplies with up to date.
  ///
  /// - Parameter input: Counted in the output's group.
  private func prepareKernel(_ stage: Int, input: Int, output: Int) {
    let geometry = geometries[stage]
    guard let start = geometry.weightOffset else { return }
    let kernels = Floats(weights.pointer + start)
    if let part = transformedParts[stage] {
      Kernels.transform(
        geometry, kernel: kernels + output * geometry.fanIn + input * geometry.kernelArea,
        input: input, output: output, into: transformed.pointer + part.lowerBound)
      transformed.changed(part)
    }
    if let storage = paired[stage] {
      Kernels.pairWeights(
        geometry, weights: kernels, pair: input / 2, output: output, into: storage.pointer)
    }
  }

  func stage(ofLayer layer: Int) -> Int { stageOfLayer[layer] }

  func set(_ address: WeightAddress, to value: Float) {
    let offset = graph.layout.offset(of: address)
    let factor =
      address.kind == .weight ? geometries[stageOfLayer[address.layer]].weightFactor : 1
    parameters[offset] = value
    weights.pointer[offset] = value * factor
    weights.changed(offset..<(offset + 1))
    guard address.kind == .weight else { return }
    let stage = stageOfLayer[address.layer]
    prepareKernel(
      stage, input: address.index / geometries[stage].kernelArea, output: address.output)
  }

  func parameter(_ offset: Int?, _ index: Int, default value: Float) -> Float {
    offset.map { parameters[$0 + index] } ?? value
  }

  /// Sets a stage's batch norm of one channel from the moments of its input.
  func normalize(
    _ stage: Int, channel: Int, mean: Double, variance: Double, into affine: ChannelAffine
  ) {
    let geometry = geometries[stage]
    affine.set(
      channel, mean: mean, variance: variance,
      gamma: parameter(geometry.gammaOffset, channel, default: 1),
      beta: parameter(geometry.betaOffset, channel, default: 0), epsilon: epsilon)
  }

  /// Sets the scales and shifts of all sample norms, which are their gammas and betas: samples are
  /// normalised one by one, before them.
  func setSampleNorms(in affines: [ChannelAffine]) {
    for (stage, geometry) in geometries.enumerated() where geometry.stage.normGroups != nil {
      for channel in 0..<geometry.outputs {
        affines[stage].set(
          channel, scale: parameter(geometry.gammaOffset, channel, default: 1),
          shift: parameter(geometry.betaOffset, channel, default: 0))
      }
    }
  }

  static func chunks(of samples: Int) -> Int { Chunks.count(of: samples) }

  /// Calls `body` for every block of `count` samples whose chunk is this rank's. The threads share runs
  /// of chunks: several in a row where there are many, so that the next block can be fetched ahead.
  ///
  /// A device gets a recorded list of the kernels that `body` calls. So `body` does nothing else, and calls the
  /// same ones for every block.
  ///
  /// - Parameter sums: The sums that `body` adds to.
  func forEachBlock(
    of count: Int, sums: ChunkSums? = nil, _ body: (SampleBlock, WorkerScratch) -> Void
  ) {
    let chunks = ranks.share(of: Self.chunks(of: count))
    let lanes = lanes
    if let device {
      device.run(
        chunks, samples: count, quantities: sums?.quantities ?? 0,
        into: sums?.folds(from: chunks.lowerBound)
      ) { place in
        let chunk = chunks.lowerBound + place
        body(
          SampleBlock(
            chunk: chunk, part: 0, index: chunk, place: place,
            valid: min(lanes, count - chunk * lanes), lanes: lanes), scratch[0])
      }
      return
    }
    let run = max(1, chunks.count / (8 * workers.threads))
    let blocksPerChunk = Self.chunkSamples / lanes
    workers.run((chunks.count + run - 1) / run) { index, worker in
      let first = chunks.lowerBound + index * run
      for chunk in first..<min(chunks.upperBound, first + run) {
        for part in 0..<blocksPerChunk {
          let block = chunk * blocksPerChunk + part
          let valid = min(lanes, count - block * lanes)
          if valid <= 0 { break }
          body(
            SampleBlock(
              chunk: chunk, part: part, index: block,
              place: block - chunks.lowerBound * blocksPerChunk, valid: valid, lanes: lanes),
            scratch[worker])
        }
      }
    }
  }

  /// Room for the sums of one pass. Passes of one size share it: the sums of a pass are read before the
  /// next pass of its size begins.
  func chunkSums(samples: Int, quantities: Int) -> ChunkSums {
    let key = SIMD2(samples, quantities)
    if sums[key] == nil, sums.count > 64 { sums = [:] }
    let found =
      sums[key]
      ?? ChunkSums(
        samples: samples, quantities: quantities, ranks: ranks, device: device)
    sums[key] = found
    found.begin()
    return found
  }

  /// Room for the outputs of several candidates, `size` numbers each.
  func outputRows(_ candidates: Int, size: Int) -> [FloatStorage] {
    if rows.count < candidates || rows[0].count != size {
      rows = (0..<candidates).map { _ in FloatStorage(count: size, on: device, isShared: true) }
    }
    return Array(rows.prefix(candidates))
  }

  /// The passes of a step. With several ranks, all candidates take each pass together, which takes as long
  /// and sends one message in place of three.
  func adapted(_ plan: StepPlan) -> StepPlan {
    ranks.count > 1 ? plan.joiningCandidates() : plan
  }

  /// The network's outputs per sample.
  var outputs: Int { geometries[geometries.count - 1].outputs }

  /// The most blocks of `count` samples that a rank has.
  func blocks(of count: Int) -> Int {
    let all = (count + lanes - 1) / lanes
    return min(all, ranks.largestShare(of: Self.chunks(of: count)) * (Self.chunkSamples / lanes))
  }
}
