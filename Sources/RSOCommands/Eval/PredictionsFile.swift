import Glibc
import RSORuns

/// The predictions of a network for each image, as CSV.
enum PredictionsFile {
  /// Writes the file; an existing one is replaced.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  static func write(_ report: EvaluationReport, to path: String) throws {
    let file = try TextOutput(path: path)
    try file.empty()
    try file.write(text(report))
  }

  /// Columns: index, label, prediction, the probability of each class, the logit of each class. For
  /// other tasks: index, the outputs.
  static func text(_ report: EvaluationReport) -> String {
    report.accuracy == nil ? outputs(report) : classes(report)
  }

  private static func outputs(_ report: EvaluationReport) -> String {
    let count = report.logits.count / report.samples
    var text = "index" + (0..<count).map { ",output_\($0)" }.joined() + "\n"
    for index in 0..<report.samples {
      let outputs = report.logits[(index * count)..<((index + 1) * count)]
      text += "\(index)" + outputs.map { ",\($0)" }.joined() + "\n"
    }
    return text
  }

  private static func classes(_ report: EvaluationReport) -> String {
    let classes = report.confusion.count
    let names = ["probability", "logit"].map { kind in
      (0..<classes).map { ",\(kind)_\($0)" }.joined()
    }.joined()
    var text = "index,label,prediction\(names)\n"
    for index in report.labels.indices {
      text += "\(index),\(report.labels[index]),\(report.predictions[index])"
      let logits = report.logits[(index * classes)..<((index + 1) * classes)]
      for probability in probabilities(logits.map(Double.init)) {
        text += ",\(Float(probability))"
      }
      for logit in logits { text += ",\(logit)" }
      text += "\n"
    }
    return text
  }

  /// The softmax of logits.
  private static func probabilities(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
