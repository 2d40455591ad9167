import RSONumerics
import RSORanks

/// The memory that a run needs at its peak.
///
/// *Units:* bytes.
package struct MemoryEstimate: Sendable, Hashable {
  /// Code, libraries and everything small: a measured constant.
  package let program = 48 << 20
  /// The data set, as bytes.
  package let samples: Int
  /// Parameters, and each thread's working memory.
  package let network: Int
  /// The peak of the memory for activations.
  package var activations: Int
  /// The memory of a device; 0 where the processor computes.
  package var deviceBytes = 0
  /// The layer whose search needs the most memory; nil if the statistics of the training set need
  /// more.
  package let layer: String?

  package init(samples: Int, network: Int, activations: Int, layer: String?) {
    self.samples = samples
    self.network = network
    self.activations = activations
    self.layer = layer
  }

  package var peak: Int { program + samples + network + activations }
}

/// The properties of a run that its memory depends on.
package struct Workload {
  /// The minibatches of a layer.
  package struct Rotation: Sendable, Hashable {
    /// Samples in each.
    package var batchSize: Int
    /// Minibatch slots; 0 where each minibatch is drawn for one step.
    package var slots: Int

    package init(batchSize: Int, slots: Int) {
      self.batchSize = batchSize
      self.slots = slots
    }
  }

  package var architecture: Architecture
  package var trainingSamples: Int
  package var task: LearningTask
  /// Samples of all other sets.
  package var otherSamples: Int
  /// Bytes of an element of a sample.
  package var elementSize: Int
  /// True if minibatches are cut from changed copies of the training images.
  package var changesImages: Bool
  /// True if the loss is one of a whole minibatch, for which the outputs of all its samples are gathered.
  package var gathersOutputs: Bool
  package var threads: Int
  package var path: NumericPath
  /// The processes that share the samples of every minibatch; the estimate is for one of them.
  package var ranks: any Ranks
  /// The minibatches of a layer, by its name.
  package var rotation: (_ layer: String) -> Rotation

  package init(
    architecture: Architecture, trainingSamples: Int, otherSamples: Int,
    task: LearningTask = .classification, elementSize: Int = 1, changesImages: Bool = false,
    gathersOutputs: Bool = false, threads: Int, path: NumericPath = .f32,
    ranks: any Ranks = SoleRank(),
    rotation: @escaping (_ layer: String) -> Rotation
  ) {
    self.architecture = architecture
    self.trainingSamples = trainingSamples
    self.otherSamples = otherSamples
    self.task = task
    self.elementSize = elementSize
    self.changesImages = changesImages
    self.gathersOutputs = gathersOutputs
    self.threads = threads
    self.path = path
    self.ranks = ranks
    self.rotation = rotation
  }

  /// The bytes of all sets' samples and targets, of changed samples, and of the normalised copies of
  /// samples that are not bytes.
  package var sampleBytes: Int {
    let size = architecture.input.count * elementSize
    let copies = elementSize == 1 ? 1 : 2
    let targets =
      switch task {
      case .classification: MemoryLayout<UInt16>.size
      case .multiLabel: architecture.classes
      case .regression: architecture.classes * MemoryLayout<Float>.size
      }
    return (trainingSamples + otherSamples) * (copies * size + targets)
      + (changesImages ? trainingSamples * size : 0)
  }
}
