import Foundation
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
    "class-weights": "1.0,2.5", "weights": "ternary",
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
}
