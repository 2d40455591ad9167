import Foundation
import RSO
import TestSupport
import Testing

/// A bowl with its least value at 1, 2, 3 ...; each case tilts it.
private func bowl(_ x: [Float], _ cases: [Int]) -> Double {
  let tilt = Double(cases.reduce(0, +)) * 0.001
  return x.enumerated().reduce(0) { sum, entry in
    let distance = Double(entry.element) - Double(entry.offset + 1) + tilt
    return sum + distance * distance
  }
}

/// Runs of the search for the least value of the bowl: 6 parameters in 3 rows, 4 cycles, 8 cases.
private func plan(_ options: [String: String] = [:], start: [Float]? = nil) throws -> Plan {
  try Plan(
    minimizing: "bowl",
    parameters: [
      ParameterBlock("a", rows: 2, columns: 2, deviation: 1),
      ParameterBlock("b", columns: 2, deviation: 2),
    ], cases: 8, seed: 5, start: start,
    options: ["cycles": "4", "batch-size": "3"].merging(options) { $1 })
}

@Suite("A search by way of the library")
struct LibrarySearchTests {
  @Test("finds the least value of a function")
  func minimum() throws {
    var search = try Search(
      from: CheckpointFile(
        beginning: plan(["cycles": "400", "batch-size": "8", "anneal-to": "0.01"])), loss: bowl)
    var cycles = 0
    #expect(try search.run(observe: { _ in cycles += 1 }) == .finished)
    #expect(cycles == 400 && search.isFinished)
    #expect(bowl(search.parameters, Array(0..<8)) < 0.01)
    let file = search.checkpoint
    #expect(file.finishedCycles == 400 && file.plannedCycles == 400)
    #expect(file.history.count == 400)
    #expect(try file.tensors.map(\.layer) == ["a", "b"])
    #expect(try file.tensors.map(\.shape) == [[2, 2], [1, 2]])
    #expect(try file.tensors.flatMap(\.values) == search.parameters)
    #expect(throws: LibraryError.self) { try search.step() }
  }

  /// Options that change how a search asks.
  static let options: [[String: String]] = [
    [:], ["hold": "2", "weight-decay": "0.01"], ["selection": "first"], ["selection": "vertex"],
    ["granularity": "layer"], ["granularity": "network"], ["proposal": "template"],
    ["weights": "int8"], ["weights": "ternary"], ["batching": "random"], ["order": "input"],
    ["layers": "forward"], ["adapt": "success"],
  ]

  @Test(
    "asking and telling gives the bits of calling, wherever it is saved and resumed",
    arguments: options)
  func asking(options: [String: String]) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/run.h5"
    var called = try Search(from: CheckpointFile(beginning: plan(options)), loss: bowl)
    try called.run()
    let digest = try called.checkpoint.stateSHA256

    var asked = try Search(asking: CheckpointFile(beginning: plan(options)))
    var questions = 0
    while let question = try asked.ask() {
      // Asked again, it is the same question.
      #expect(try asked.ask()?.candidates == question.candidates)
      try asked.tell(question.candidates.map { bowl($0, question.cases) })
      questions += 1
      if questions % 5 == 0 {
        // The questions after the boundary are asked again.
        try asked.save(to: path)
        asked = try Search(asking: CheckpointFile(contentsOf: path))
      }
    }
    #expect(questions > 10)
    #expect(try asked.checkpoint.stateSHA256 == digest)
  }

  @Test("a run that is stopped at every boundary, in other processes, has the same bits")
  func resumed() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/run.h5"
    var whole = try Search(from: CheckpointFile(beginning: plan()), loss: bowl)
    try whole.run()
    var boundaries = 0
    while true {
      var search = try Search(from: CheckpointFile(at: path, orBeginning: plan()), loss: bowl)
      var steps = 0
      let ending = try search.run(
        savingTo: path, every: 0,
        shouldStop: {
          steps += 1
          return steps > 1
        })
      if ending == .finished { break }
      boundaries += 1
    }
    #expect(boundaries == 4 * 3 - 1)
    let file = try CheckpointFile(contentsOf: path)
    #expect(try file.stateSHA256 == whole.checkpoint.stateSHA256)
    #expect(file.resumes == boundaries)
    // The bytes differ in times alone; the content is read back.
    #expect(file.parameters == whole.parameters)
    #expect(try file.planJSON.contains("\"name\":\"bowl\""))
    #expect(try file.architectureJSON.hasPrefix("{\"name\":\"bowl\",\"parameters\":["))
  }

  @Test("first values can be given")
  func start() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    let file = try CheckpointFile(beginning: plan(start: values))
    #expect(file.parameters == values)
    #expect(throws: (any Error).self) { try CheckpointFile(beginning: plan(start: [1, 2])) }
  }

  @Test("an error of the function ends the search; what was reached before remains")
  func failure() throws {
    struct Broken: Error {}
    var calls = 0
    var search = try Search(from: CheckpointFile(beginning: plan())) { x, cases in
      calls += 1
      if calls == 20 { throw Broken() }
      return bowl(x, cases)
    }
    #expect(throws: Broken.self) { try search.run() }
    #expect(calls == 20)
    let boundary = search.checkpoint
    var again = try Search(from: boundary, loss: bowl)
    try again.run()
    var whole = try Search(from: CheckpointFile(beginning: plan()), loss: bowl)
    try whole.run()
    #expect(try again.checkpoint.stateSHA256 == whole.checkpoint.stateSHA256)
  }

  @Test("values that are never finite are an error that says so")
  func notFinite() throws {
    var search = try Search(from: CheckpointFile(beginning: plan())) { _, _ in .nan }
    let error = #expect(throws: (any Error).self) { try search.run() }
    #expect("\(try #require(error))".contains("no candidate has a finite loss in layer 'b'"))
  }

  @Test("wrong uses are errors, not traps")
  func misuse() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/run.h5"
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(message { _ = try plan(["cycle": "3"]) }.contains("'cycle'"))
    #expect(message { _ = try plan(["cycles": "many"]) }.contains("invalid cycles 'many'"))
    #expect(message { _ = try plan(["cycles": "0"]) }.contains("invalid cycles '0'"))
    #expect(message { _ = try plan(["objective": "rm"]) }.contains("'objective'"))
    #expect(message { _ = try plan(["batch-size": "9"]) }.contains("batch-size"))
    #expect(message { _ = try plan(["augment": "flip"]) } != "")
    for block in [
      ParameterBlock("", columns: 1, deviation: 1), ParameterBlock("x", columns: 0, deviation: 1),
      ParameterBlock("x", columns: 1, deviation: 0),
      ParameterBlock("x", rows: .max, columns: 2, deviation: 1),
      ParameterBlock("x", columns: 1, deviation: .nan),
    ] {
      #expect(message { _ = try Plan(minimizing: "f", parameters: [block]) } != "", "\(block)")
    }
    let twice = ParameterBlock("x", columns: 1, deviation: 1)
    #expect(
      message { _ = try Plan(minimizing: "f", parameters: [twice, twice]) }.contains("used twice"))
    #expect(message { _ = try Plan(minimizing: "f", parameters: []) } != "")
    // The run of another function, or of another plan.
    try CheckpointFile(beginning: plan()).write(to: path)
    let other = try Plan(
      minimizing: "other", parameters: [ParameterBlock("x", columns: 1, deviation: 1)])
    #expect(
      message { _ = try CheckpointFile(at: path, orBeginning: other) }
        .contains("holds a run of another plan"))
    #expect(try CheckpointFile(at: path, orBeginning: plan(["cycles": "9"])).plannedCycles == 4)
    // A search that asks, and one that calls.
    var asking = try Search(asking: CheckpointFile(beginning: plan()))
    #expect(message { try asking.tell([1]) }.contains("expected one for each candidate"))
    let question = try #require(try asking.ask())
    #expect(message { try asking.tell([1]) }.contains("1 losses"))
    try asking.tell(question.candidates.map { _ in 1 })
    #expect(message { try asking.tell(question.candidates.map { _ in 1 }) } != "")
    #expect(message { try asking.step() }.contains("asks for its losses"))
    var calling = try Search(from: CheckpointFile(beginning: plan()), loss: bowl)
    #expect(message { _ = try calling.ask() }.contains("it asks nothing"))
    #expect(
      message { _ = try Search(asking: CheckpointFile(beginning: plan(["parallel": "layer"]))) }
        .contains("in parallel"))
  }
}
