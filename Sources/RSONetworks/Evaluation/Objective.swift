import RSONumerics

/// The figure that a search minimises: a loss, and optionally a second loss that decides between candidates with
/// the same loss.
package struct Objective: Sendable {
  /// The factor of the second loss. It is so small that the second loss does not outweigh a changed answer, which
  /// changes a loss that counts answers by about one divided by the samples of the minibatch.
  package static let tieFactor = 1e-6

  package var loss: Loss
  /// The second loss, a mean over samples, which is added with the factor `tieFactor`; nil for none. A loss that
  /// counts answers needs it: most steps change no answer, and all candidates of a step then have the same loss.
  package var tieBreak: Loss?

  /// The weight of each class: the loss of a sample is multiplied by the weight of its class. Empty for no
  /// weights. The mean over samples is the sum of the products divided by the number of samples.
  package var classWeights: [Float] = []

  /// The numbers that the loss depends on. They do not count for the second loss.
  package var parameters = LossParameters()

  /// Computes the loss, if that is `program`.
  package var program: (any ObjectiveProgram)?

  package init(_ loss: Loss, tieBreak: Loss? = nil, classWeights: [Float] = []) {
    self.loss = loss
    self.tieBreak = tieBreak
    self.classWeights = classWeights
  }

  /// The weight of a sample.
  package func weight(_ targets: Targets, sample: Int) -> Double {
    guard !classWeights.isEmpty, case .classes(let classes) = targets else { return 1 }
    return Double(classWeights[Int(classes[sample])])
  }

  /// The losses of a whole set of samples for each of several candidates.
  ///
  /// *Precondition:* the loss is one of a whole minibatch.
  ///
  /// - Parameter candidates: The outputs of each. *Shape:* samples x outputs.
  package func wholeLosses(
    of candidates: [UnsafeBufferPointer<Float>], outputs: Int, on samples: ObjectiveSamples
  ) -> [Double] {
    if loss == .program {
      return program?.values(of: candidates, on: samples)
        ?? [Double](repeating: .nan, count: candidates.count)
    }
    let batch = BatchLoss(loss, samples.targets, outputs: outputs)
    let indices = samples.indices
    return candidates.map { rows in
      rows.baseAddress.map { batch($0, count: indices.count) { Int(indices[$0]) } } ?? .nan
    }
  }

  /// True if it is the mean over samples of one loss, without weights and other parameters than the default.
  var isPlainMean: Bool {
    tieBreak == nil && !loss.isOfWholeMinibatch && classWeights.isEmpty
      && parameters == LossParameters()
  }

  /// True if the loss is defined for targets of this task.
  package func suits(_ task: LearningTask) -> Bool {
    loss.suits(task) && (classWeights.isEmpty || task == .classification)
      && tieBreak.map { $0.suits(task) && !$0.isOfWholeMinibatch } ?? true
  }
}
