import Glibc
import RSO

/// Two intertwined spirals, and a network that tells them apart.
enum Spirals {
  static func dataset() throws -> Dataset {
    try Dataset(
      name: "spirals", training: points(400, first: 0), validation: points(200, first: 1000))
  }

  private static func points(_ count: Int, first: Int) throws -> Dataset.Part {
    var values: [Float] = []
    var classes: [Int] = []
    for index in 0..<count {
      let (spiral, place) = (index % 2, Double((first + index) * 37 % 997) / 997)
      let (turn, noise) = (place * 3 + Double(spiral) * .pi, Double(index * 29 % 31 - 15) / 150)
      let radius = 0.3 + place
      values += [Float(radius * cos(turn) + noise), Float(radius * sin(turn) - noise)]
      classes.append(spiral)
    }
    return try Dataset.Part(values, shape: .features(2), targets: .classes(classes, count: 2))
  }

  static func plan(_ objective: (any Objective)? = nil) throws -> Plan {
    let architecture = try Architecture(
      json: """
        {"name": "spirals", "input": [2, 1, 1], "classes": 2, "layers": [
          {"type": "linear", "outputs": 16}, {"type": "batch-norm"}, {"type": "relu"},
          {"type": "linear", "outputs": 8}, {"type": "batch-norm"}, {"type": "relu"},
          {"type": "linear", "outputs": 2, "bias": true}]}
        """)
    return try Plan(
      training: architecture, on: dataset(), seed: 1,
      options: ["cycles": "12", "batch-size": "400"], objective: objective)
  }
}

/// The largest share of wrong answers of a class.
final class WorstClass: Objective {
  let name = "worst class"

  func value(of input: ObjectiveInput) -> Double {
    var wrong = [Double](repeating: 0, count: input.count)
    var all = wrong
    // The margin decides between networks that are right equally often.
    var margin = 0.0
    for (row, label) in input.classes.enumerated() {
      let logits = (0..<input.count).map { Double(input.outputs[row * input.count + $0]) }
      let rival = logits.enumerated().filter { $0.offset != label }.map(\.element).max() ?? 0
      all[label] += 1
      if rival >= logits[label] { wrong[label] += 1 }
      margin += max(0, 1 + rival - logits[label])
    }
    return (zip(wrong, all).map { $0 / max(1, $1) }.max() ?? 0)
      + 0.01 * margin / Double(max(1, input.classes.count))
  }
}
