import Foundation
import RSORuns

/// What a network answers for each image, as CSV.
enum PredictionsFile {
  static func write(_ report: EvaluationReport, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw CommandError.cannotWrite(path, reason: systemText(errno)) }
    do {
      try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        .write(contentsOf: Data(text(report).utf8))
    } catch {
      throw CommandError.cannotWrite(path, reason: describe(error))
    }
  }

  static func text(_ report: EvaluationReport) -> String {
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

  /// Softmax.
  private static func probabilities(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
