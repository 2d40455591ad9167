import Foundation
import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("The list of options")
struct SearchOptionListTests {
  @Test("no two options share a name, and old names lead to the new one")
  func names() {
    let names = SearchOption.all.flatMap { [$0.name] + $0.oldNames }
    #expect(Set(names).count == names.count)
    for option in SearchOption.all {
      for name in [option.name] + option.oldNames {
        #expect(SearchOption.named(name)?.name == option.name)
      }
    }
    #expect(SearchOption.named("sigma-scale")?.name == "deviation-scale")
    #expect(SearchOption.named("momentum") == nil)
  }

  @Test("every property of the options is described")
  func complete() {
    #expect(Mirror(reflecting: SearchOptions()).children.count == SearchOption.all.count)
  }

  /// A text for each option that is not its default.
  static let texts = [
    "cycles": "7", "patience": "3", "anneal-cycles": "5", "batch-size": "250:3,5000",
    "batch-factors": "conv1:2",
    "batching": "random", "phase-samples": "20000", "augment": "shift:2,flip", "hold": "4",
    "deviation-scale": "0.3", "anneal": "none", "anneal-to": "0.2", "adapt": "success",
    "weight-decay": "0.0", "loss": "hinge", "tie-break": "cross-entropy",
    "objective": "python3 'f 1.py'",
    "label-smoothing": "0.1", "focal-gamma": "1.5", "cost-matrix": "0.0,1.0;5.0,0.0", "top-k": "3",
    "quantile": "0.9",
    "class-weights": "1.0,2.5", "target-scales": "1.0,1000.0", "weights": "ternary",
    "proposal": "template",
    "granularity": "network", "order": "input", "layers": "forward", "parallel": "neuron",
    "selection": "vertex",
  ]

  @Test("a text sets its option, is what the option then says, and leaves all others alone")
  func roundTrip() throws {
    #expect(Set(Self.texts.keys) == Set(SearchOption.all.map(\.name)))
    for option in SearchOption.all {
      let text = try #require(Self.texts[option.name])
      var options = SearchOptions()
      #expect(option.text(in: options) != text)
      #expect(option.set(text, in: &options), "\(option.name)")
      #expect(option.text(in: options) == text)
      for other in SearchOption.all where other.name != option.name {
        #expect(other.text(in: options) == other.text(in: SearchOptions()))
      }
      // The default can be asked for in so many words.
      #expect(option.set(option.text(in: SearchOptions()), in: &options))
      #expect(options == SearchOptions())
    }
  }

  @Test("a text that means nothing changes nothing")
  func refused() {
    for option in SearchOption.all {
      var options = SearchOptions()
      // Every word may be the name of a program.
      for text in ["", " "] + (option.name == "objective" ? [] : ["perhaps", "1:2:x", "--"]) {
        #expect(!option.set(text, in: &options) && !option.accepts(text), "\(option.name) \(text)")
      }
      #expect(options == SearchOptions())
    }
  }

  @Test("help is one or two sentences, and synonyms mean values that there are")
  func help() {
    for option in SearchOption.all {
      #expect(option.help.hasSuffix(".") && !option.help.contains("  "), "\(option.name)")
      #expect(option.choices.allSatisfy(option.accepts))
      for (word, meaning) in option.form.synonyms {
        #expect(option.choices.contains(meaning) && !option.choices.contains(word), "\(word)")
      }
    }
  }

  @Test(
    "the default minibatch is 5000 samples, or all that there are",
    arguments: [
      (60_000, nil, 5000), (5000, nil, 5000), (1400, nil, 1400), (60_000, 300, 300),
      (60_000, 20_000, 5000), (1, nil, 1),
    ])
  func defaultBatchSize(samples: Int, phaseSamples: Int?, size: Int) {
    var options = SearchOptions()
    options.phaseSamples = phaseSamples
    #expect(options.defaultBatchSize(samples: samples) == BatchSchedule(size))
  }

  @Test("balanced class weights are inversely proportional to the numbers of samples")
  func balancedWeights() throws {
    var weights = try #require(ClassWeights("balanced"))
    weights.balance(.classes([0, 0, 0, 0, 0, 0, 2, 2]), classes: 4)
    // 8 samples of 2 classes that occur: 8 / (2 * 6) and 8 / (2 * 2).
    #expect(weights.weights == [8.0 / 12, 1, 2, 1] && weights.description == "balanced")
    let again = try JSONDecoder().decode(ClassWeights.self, from: JSONEncoder().encode(weights))
    #expect(again == weights)
    var given = try #require(ClassWeights("1,2.5"))
    given.balance(.classes([0, 0, 1]), classes: 2)
    #expect(given.weights == [1, 2.5])
    #expect(ClassWeights("1,,2") == nil && ClassWeights("heavy") == nil)
  }

  @Test("a matrix of costs has a row for each class, and a number for each answer")
  func costs() throws {
    let matrix = try #require(CostMatrix("0,1;5,0"))
    #expect(matrix.rows == [[0, 1], [5, 0]] && matrix.description == "0.0,1.0;5.0,0.0")
    let again = try JSONDecoder().decode(CostMatrix.self, from: JSONEncoder().encode(matrix))
    #expect(again == matrix)
    for text in ["0,1;", "0,,1", "a", "0;b"] { #expect(CostMatrix(text) == nil, "\(text)") }
    for text in ["0,1;5", "0,1", "0,-1;0,0", "0,inf;0,0", "0,1e39;0,0", "0,nan;0,0"] {
      var plan = SmallNetwork.plan { $0.loss = .cost }
      plan.options.costMatrix = try #require(CostMatrix(text))
      #expect(throws: SearchError.self) { try plan.validate() }
    }
  }

  @Test("the matrix and the number of logits fit the number of classes")
  func classes() {
    var plan = SmallNetwork.plan { $0.loss = .topK }
    #expect(throws: SearchError.self) { try plan.validate() }
    for count in [1, 2] {
      plan.options.topK = count
      #expect(throws: Never.self) { try plan.validate() }
    }
    plan = SmallNetwork.plan {
      ($0.loss, $0.costMatrix) = (.cost, CostMatrix("0,1;1,0") ?? .init())
    }
    let error = #expect(throws: SearchError.self) { try plan.validate() }
    #expect(error?.description.hasSuffix("expected 3 rows, one for each class") == true)
  }

  @Test(
    "an option that only one loss has is refused beside another, and takes part in the objective",
    arguments: [
      ("label-smoothing", "0.25", Loss.crossEntropy), ("focal-gamma", "3", .focal),
      ("cost-matrix", "0,1,2;3,0,4;5,6,0", .cost), ("top-k", "2", .topK),
    ])
  func parameters(name: String, text: String, loss: Loss) throws {
    let option = try #require(SearchOption.named(name))
    var plan = SmallNetwork.plan { $0.loss = loss }
    #expect(option.set(text, in: &plan.options))
    try plan.validate()
    let parameters = plan.objective.parameters
    #expect(
      parameters.labelSmoothing == 0.25 || parameters.focalGamma == 3 || parameters.topK == 2
        || parameters.costs == [0, 1, 2, 3, 0, 4, 5, 6, 0])
    plan.options.loss = .hinge
    let error = #expect(throws: SearchError.self) { try plan.validate() }
    #expect(error?.description.hasSuffix("only the loss \(loss.rawValue) has it") == true)
  }
}
