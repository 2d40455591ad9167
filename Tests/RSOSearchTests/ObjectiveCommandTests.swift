import Foundation
import RSONetworks
import RSOSearch
import TestSupport
import Testing

@Suite("commands of objectives")
struct ObjectiveCommandTests {
  private func plan(_ command: ObjectiveCommand) -> SearchPlan {
    SmallNetwork.plan { ($0.loss, $0.objectiveCommand) = (.program, command) }
  }

  private func json(_ options: SearchOptions) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(options), as: UTF8.self)
  }

  @Test("a plan stores a command only if there is one, with the digests of its files")
  func stored() throws {
    let digest = String(repeating: "0a", count: 32)
    var options = SearchOptions()
    #expect(try !json(options).contains("objective"))
    options.objectiveCommand = ObjectiveCommand(
      "python3 f.py", files: [.init(name: "f.py", sha256: digest)])
    options.loss = .program
    let text = try json(options)
    #expect(
      text.contains(
        #""loss":"program","objective":{"command":"python3 f.py","files":[{"name":"f.py","sha256":"\#(digest)"}]}"#
      )
    )
    #expect(try JSONDecoder().decode(SearchOptions.self, from: Data(text.utf8)) == options)
  }

  @Test(
    "a command that could deceive, and one that cannot be split, are refused",
    arguments: [
      "touch a\u{1B}[2J", "touch a\u{202E}b", "touch a\nb", "touch 'a", "a | b", "''",
      String(repeating: "x", count: 5000),
    ])
  func refused(command: String) throws {
    let error = #expect(throws: SearchError.self) { try plan(ObjectiveCommand(command)).validate() }
    let text = try #require(error).description
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    #expect(text.hasPrefix("invalid objective '"))
  }

  @Test("digests belong to words of the command")
  func digests() throws {
    let digest = String(repeating: "0a", count: 32)
    for (name, sha256) in [("g.py", digest), ("f.py", "0a"), ("f.py", digest.uppercased())] {
      let command = ObjectiveCommand(
        "python3 f.py", files: [.init(name: name, sha256: sha256)])
      #expect(throws: SearchError.self) { try plan(command).validate() }
    }
    try plan(ObjectiveCommand("python3 f.py", files: [.init(name: "f.py", sha256: digest)]))
      .validate()
    #expect(throws: SearchError.self) { try plan(ObjectiveCommand()).validate() }
    #expect(throws: SearchError.self) {
      try SmallNetwork.plan { $0.objectiveCommand = ObjectiveCommand("a") }.validate()
    }
  }

  @Test("a new plan for numbers has no tie-break; an older plan that has one is carried out")
  func tieBreakOfNumbers() throws {
    var plan = plan(ObjectiveCommand("./f"))
    plan.options.tieBreak = .crossEntropy
    try plan.validateAsNew()
    plan.data.task = .regression
    try plan.validate()
    let error = #expect(throws: SearchError.self) { try plan.validateAsNew() }
    #expect(
      error?.description
        == "invalid tie-break 'cross-entropy': expected none, because numbers have no cross entropy"
    )
    plan.options.tieBreak = .none
    try plan.validateAsNew()
  }

  private func search(
    _ plan: SearchPlan, _ program: (any ObjectiveProgram)?, workers: Int = 1
  ) throws -> SearchState {
    var search = try Search(
      plan: plan, state: .initial(plan: plan), workers: workers, program: program,
      makeEvaluator: SmallNetwork.reference)
    while !search.isFinished { _ = try search.step() }
    return search.state
  }

  static let modes: [@Sendable (inout SearchOptions) -> Void] = [
    { _ in }, { ($0.hold, $0.selection) = (3, .first) }, { $0.granularity = .layer },
    { $0.batching = .random }, { $0.tieBreak = .crossEntropy }, { $0.parallel = .neuron },
  ]

  @Test("a search by a program goes where the same numbers of rso's own lead it", arguments: 0..<6)
  func search(mode: Int) throws {
    var own = SmallNetwork.plan { $0.loss = .rocAUC }
    Self.modes[mode](&own.options)
    var plan = own
    plan.options.loss = .program
    plan.options.objectiveCommand = ObjectiveCommand("a")
    let program = ComputedObjective(.rocAUC, outputs: 3)
    let state = try search(plan, program, workers: 3)
    #expect(try state == search(own, nil, workers: 2))
    #expect(throws: SearchError.noProgram(ObjectiveCommand("a"))) { try search(plan, nil) }
  }

  @Test("a program that fails ends the search before the neuron", arguments: 0..<6)
  func failure(mode: Int) throws {
    var plan = plan(ObjectiveCommand("a"))
    Self.modes[mode](&plan.options)
    let program = ComputedObjective(.rocAUC, outputs: 3, answersUntilFailure: 40)
    var search = try Search(
      plan: plan, state: .initial(plan: plan), workers: 2, program: program,
      makeEvaluator: SmallNetwork.reference)
    var before = search.state
    let error = #expect(throws: ComputedObjective.Failure.self) {
      while !search.isFinished {
        before = search.state
        _ = try search.step()
      }
    }
    #expect(error != nil && search.state == before)
  }
}
