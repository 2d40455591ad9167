import Foundation
import Testing

/// What `rso train --json` and `rso resume --json` answer.
struct TrainingAnswer: Decodable {
  var run: String
  var cycles: Int
  var testAccuracy: Double
  var stateSha256: String

  init(_ outcome: Outcome) throws {
    try #require(outcome.status == 0, "status \(outcome.status): \(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
  }
}

/// What `rso eval --json` answers.
struct EvaluationAnswer: Decodable {
  var accuracy: Double
  var loss: Double
  var samples: Int
  var cycle: Int
  var confusion: [[Int]]
  /// It is nil of a mean.
  var stateSha256: String?

  init(_ outcome: Outcome) throws {
    try #require(outcome.status == 0, "status \(outcome.status): \(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
  }
}

/// What `Fixtures/exporters/check_predictions.py` answers.
struct PredictionComparison: Decodable {
  var samples: Int
  var deviation: Double
}
