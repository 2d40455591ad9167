import RSONetworks
import RSONumerics
import RSORuns
import RSOTensorFiles

/// The predictions of a network for each sample, as CSV or npz.
package struct PredictionsFile {
  private let task: LearningTask
  /// The names of the outputs.
  private let names: [String]
  /// Logits, or numbers in their own units. *Shape:* samples x outputs.
  private let outputs: [Float]
  /// The correct answers; nil if they are not known.
  private let targets: Targets?

  package init(task: LearningTask, names: [String], outputs: [Float], targets: Targets? = nil) {
    precondition(!names.isEmpty && outputs.count % names.count == 0)
    self.task = task
    self.names = names
    self.outputs = outputs
    self.targets = targets
  }

  private var samples: Int { outputs.count / names.count }

  private func row(_ sample: Int) -> ArraySlice<Float> {
    outputs[(sample * names.count)..<((sample + 1) * names.count)]
  }

  private func prediction(_ sample: Int) -> Int { Loss.answer(row(sample).map(Double.init)) }

  // MARK: CSV

  /// A row for each sample: its index from 0; the correct answers, if they are known; the predictions;
  /// probabilities and logits of classes and labels.
  package var csv: String {
    var csv = CSVText(header)
    let probabilities =
      task == .classification
      ? ClassProbabilities(logits: outputs, classes: names.count) : nil
    for sample in 0..<samples {
      let row = row(sample)
      let logits = row.map { "\($0)" }
      var fields = ["\(sample)"] + answers(sample)
      switch task {
      case .classification:
        fields.append(names[prediction(sample)])
        fields +=
          (probabilities?.probabilities(sample: sample) ?? []).map { "\(Float($0))" } + logits
      case .multiLabel:
        fields += row.map { $0 > 0 ? "1" : "0" } + row.map { "\(Self.logistic($0))" } + logits
      case .regression:
        fields += logits
      }
      csv.add(fields)
    }
    return csv.text
  }

  private var header: [String] {
    func all(_ kind: String) -> [String] { names.map { "\(kind)_\($0)" } }
    let answers = targets == nil ? [] : task == .classification ? ["label"] : all("label")
    let predictions: [String] =
      switch task {
      case .classification: ["prediction"] + all("probability") + all("logit")
      case .multiLabel: all("prediction") + all("probability") + all("logit")
      case .regression: all("prediction")
      }
    return ["index"] + answers + predictions
  }

  private func answers(_ sample: Int) -> [String] {
    switch targets {
    case nil: []
    case .classes(let classes): [names[Int(classes[sample])]]
    case .labels(let labels, let count):
      labels[(sample * count)..<((sample + 1) * count)].map { "\($0)" }
    case .numbers(let numbers, let count):
      numbers[(sample * count)..<((sample + 1) * count)].map { "\($0)" }
    }
  }

  private static func logistic(_ logit: Float) -> Float {
    Float(ClassProbabilities(logits: [logit, 0], classes: 2).probability(sample: 0, class: 0))
  }

  // MARK: npz

  /// The arrays `prediction` (the index of a class, or N x labels of 0 and 1, or N x numbers), and
  /// `probability` and `logit` of classes and labels (N x outputs); the text `names` if the outputs have
  /// names, one line for each.
  ///
  /// *Throws:* `TensorFileError` for more than 4 GiB.
  package func npz() throws -> [UInt8] {
    let shape = [samples, names.count]
    var tensors: [NamedTensor] = []
    switch task {
    case .classification:
      let probabilities = ClassProbabilities(logits: outputs, classes: names.count)
      tensors.append(
        NamedTensor(name: "prediction", int64: (0..<samples).map(prediction), shape: [samples]))
      tensors.append(
        NamedTensor(
          name: "probability", shape: shape,
          values: (0..<samples).flatMap { probabilities.probabilities(sample: $0).map(Float.init) })
      )
    case .multiLabel:
      tensors.append(
        NamedTensor(name: "prediction", int64: outputs.map { $0 > 0 ? 1 : 0 }, shape: shape))
      tensors.append(
        NamedTensor(name: "probability", shape: shape, values: outputs.map(Self.logistic)))
    case .regression:
      tensors.append(NamedTensor(name: "prediction", shape: shape, values: outputs))
    }
    if task != .regression {
      tensors.append(NamedTensor(name: "logit", shape: shape, values: outputs))
    }
    let hasNames = names != (0..<names.count).map { "\($0)" }
    return try NPZWriter.encode(
      TensorList(
        tensors: tensors, metadata: hasNames ? ["names": names.joined(separator: "\n")] : [:]))
  }
}

extension NamedTensor {
  fileprivate init(name: String, int64 values: [Int], shape: [Int]) {
    let bytes = values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    self.init(name: name, elementType: .int64, shape: shape, bytes: bytes[...])
  }
}
