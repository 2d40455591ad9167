import Foundation
import RSO
import TestSupport
import Testing

/// Rows of two numbers whose sum decides the class.
private func part(_ count: Int, first: Int) throws -> Dataset.Part {
  var values: [Float] = []
  var classes: [Int] = []
  for index in first..<(first + count) {
    let (x, y) = (Float(index * 37 % 101) / 50 - 1, Float(index * 53 % 97) / 48 - 1)
    values += [x, y]
    classes.append(x + y > 0 ? 1 : 0)
  }
  return try Dataset.Part(values, shape: .features(2), targets: .classes(classes, count: 2))
}

private func dataset() throws -> Dataset {
  try Dataset(name: "sums", training: part(120, first: 0), validation: part(60, first: 500))
}

/// The share of wrong answers, and a margin.
private final class Hinge: Objective {
  let name: String
  init(_ name: String = "hinge") { self.name = name }

  func value(of input: ObjectiveInput) throws -> Double {
    precondition(input.count == 2 && input.outputs.count == 2 * input.samples.count)
    precondition(input.numbers.isEmpty)
    let losses = input.classes.enumerated().map { row, label in
      let (mine, other) = (input.outputs[2 * row + label], input.outputs[2 * row + 1 - label])
      return Double(max(0, 1 + other - mine))
    }
    return losses.reduce(0, +) / Double(losses.count)
  }
}

@Suite("Training by way of the library")
struct LibraryTrainingTests {
  private func plan(
    _ options: [String: String]? = ["cycles": "3", "batch-size": "40"],
    objective: (any Objective)? = nil
  ) throws -> Plan {
    let data = try dataset()
    return try Plan(
      training: Architecture(fitting: data), on: data, seed: 2, options: options,
      objective: objective)
  }

  @Test("a network learns; its run is resumed to the same bits on another number of threads")
  func network() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/run.h5"
    let data = try dataset()
    var whole = try Search(from: CheckpointFile(beginning: plan()), on: data, threads: 1)
    let first = try whole.cycle()
    #expect(first.number == 1 && first.validationLoss != nil && first.testLoss == nil)
    try whole.run()
    #expect(try #require(whole.checkpoint.history.last?.validationAccuracy) > 0.9)
    while true {
      var steps = 0
      var search = try Search(
        from: CheckpointFile(at: path, orBeginning: plan()), on: data, threads: 2)
      let ending = try search.run(savingTo: path) {
        steps += 1
        return steps > 7
      }
      if ending == .finished { break }
    }
    #expect(try CheckpointFile(contentsOf: path).stateSHA256 == whole.checkpoint.stateSHA256)
  }

  @Test(
    "options mean what they mean on the command line, those that follow from others and from the data too"
  )
  func options() throws {
    #expect(try plan(["top-k": "1"])[option: "loss"] == "top-k")
    #expect(try plan(["phase-samples": "50"])[option: "batch-size"] == "50")
    // 30 samples of one class, and 10 of the other.
    let data = try Dataset(
      name: "rare",
      training: .init(
        (0..<80).map { Float($0 * 37 % 23) / 9 }, shape: .features(2),
        targets: .classes((0..<40).map { $0 % 4 == 0 ? 1 : 0 }, count: 2)))
    func trained(_ weights: String) throws -> [Float] {
      let plan = try Plan(
        training: Architecture(fitting: data), on: data,
        options: [
          "cycles": "1", "class-weights": weights,
        ])
      var search = try Search(from: CheckpointFile(beginning: plan), on: data)
      try search.run()
      return search.parameters
    }
    #expect(try trained("balanced") == trained("\(2.0 / 3),2"))
    #expect(try trained("balanced") != trained("none"))
  }

  @Test("the answers of a network for numbers begin in the units of the targets")
  func units() throws {
    let data = try Dataset(
      name: "prices",
      training: .init(
        [1, 2, 3, 4], shape: .features(1), targets: .numbers([900, 1000, 1100, 1200], count: 1)))
    let search = try Search(
      from: CheckpointFile(
        beginning: Plan(training: Architecture(fitting: data), on: data, options: [:])), on: data)
    // The bias of the last layer is the mean.
    #expect(search.parameters.last == 1050)
  }

  @Test("an objective of the program is minimised, and needed to go on")
  func objective() throws {
    let data = try dataset()
    let file = try CheckpointFile(beginning: plan(objective: Hinge()))
    var search = try Search(from: file, on: data, objective: Hinge())
    try search.run()
    let history = search.checkpoint.history
    #expect(history[2].trainingLoss < history[0].trainingLoss)
    // rso computes the same loss itself; rounded otherwise, it may decide a step otherwise.
    var own = try Search(
      from: CheckpointFile(
        beginning: plan(["cycles": "3", "batch-size": "40", "loss": "hinge"])), on: data)
    try own.run()
    #expect(abs(own.checkpoint.history[2].trainingLoss - history[2].trainingLoss) < 0.05)
    for objective in [nil, Hinge("other")] {
      let error = #expect(throws: (any Error).self) {
        _ = try Search(from: file, on: data, objective: objective)
      }
      #expect("\(try #require(error))".contains("its objective, 'hinge'"))
    }
  }

  @Test("options follow the data unless some are given")
  func fitted() throws {
    let chosen = try plan(nil)
    #expect(chosen[option: "batch-size"] == "120" && chosen[option: "hold"] == "16")
    #expect(try plan()[option: "hold"] == "1" && chosen[option: "no-such"] == nil)
  }

  @Test("data that do not fit are errors, not traps")
  func badData() throws {
    func fails(_ body: () throws -> Void) -> Bool {
      do { try body() } catch { return true }
      return false
    }
    let targets = Dataset.Targets.classes([0, 1], count: 2)
    let shape = Dataset.Shape.features(2)
    #expect(!fails { _ = try Dataset.Part([1, 2, 3, 4], shape: shape, targets: targets) })
    #expect(fails { _ = try Dataset.Part([1, 2, 3], shape: shape, targets: targets) })
    #expect(fails { _ = try Dataset.Part([], shape: shape, targets: .classes([], count: 2)) })
    #expect(fails { _ = try Dataset.Part([1, 2, 3, .nan], shape: shape, targets: targets) })
    #expect(
      fails {
        _ = try Dataset.Part([1, 2, 3, 4], shape: shape, targets: .classes([0, 2], count: 2))
      })
    #expect(
      fails {
        _ = try Dataset.Part([1, 2, 3, 4], shape: shape, targets: .classes([0, 1], count: 0))
      })
    #expect(
      fails {
        _ = try Dataset.Part([1, 2], shape: shape, targets: .numbers([1, .infinity], count: 2))
      })
    #expect(
      fails {
        _ = try Dataset.Part(
          bytes: [], shape: Dataset.Shape(channels: 0, height: 1, width: 1), targets: targets)
      })
    let other = try Dataset.Part([1, 2], shape: shape, targets: .numbers([1, 2], count: 2))
    #expect(fails { _ = try Dataset(name: "d", training: part(4, first: 0), test: other) })
    #expect(fails { _ = try Dataset(contentsOf: "/no/such/data") })
    // Data of another content, and another network.
    let file = try CheckpointFile(beginning: plan())
    let others = try Dataset(name: "sums", training: part(120, first: 1))
    #expect(fails { _ = try Search(from: file, on: others) })
    #expect(fails { _ = try Search(from: file, loss: { _, _ in 0 }) })
    #expect(
      fails {
        _ = try Plan(training: Architecture(preset: "mnist-6conv"), on: dataset())
      })
    #expect(fails { _ = try Architecture(json: "{}") })
    #expect(
      fails {
        _ = try Architecture(
          json: """
            {"name": "f", "parameters": [
              {"name": "x", "outputs": 1, "inputs": 1, "deviation": 1}]}
            """)
      })
  }
}
