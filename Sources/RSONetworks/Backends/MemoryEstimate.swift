/// How much memory a run needs at its peak.
///
/// *Units:* bytes.
package struct MemoryEstimate: Sendable, Hashable {
  /// Code, libraries and everything small: a measured constant.
  package let program = 48 << 20
  /// The data set, as bytes.
  package let samples: Int
  /// Parameters, and each thread's working memory.
  package let network: Int
  /// The most that activations take at once.
  package let activations: Int
  /// The layer whose search takes the most; nil: the passes that take statistics do.
  package let layer: String?

  package init(samples: Int, network: Int, activations: Int, layer: String?) {
    self.samples = samples
    self.network = network
    self.activations = activations
    self.layer = layer
  }

  package var peak: Int { program + samples + network + activations }
}

/// What a run asks of a backend, as far as its memory depends on it.
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
  package var testSamples: Int
  /// Whether minibatches are cut from changed copies of the training images.
  package var changesImages: Bool
  package var threads: Int
  package var path: NumericPath
  /// The minibatches of a layer, by its name.
  package var rotation: (_ layer: String) -> Rotation

  package init(
    architecture: Architecture, trainingSamples: Int, testSamples: Int,
    changesImages: Bool = false, threads: Int, path: NumericPath = .f32,
    rotation: @escaping (_ layer: String) -> Rotation
  ) {
    self.architecture = architecture
    self.trainingSamples = trainingSamples
    self.testSamples = testSamples
    self.changesImages = changesImages
    self.threads = threads
    self.path = path
    self.rotation = rotation
  }

  /// The bytes of both sets' images and labels, and of changed images.
  package var sampleBytes: Int {
    let size = architecture.input.count
    return (trainingSamples + testSamples) * (size + 1)
      + (changesImages ? trainingSamples * size : 0)
  }
}
