import Foundation
import RSOSearch
import Testing

@Suite("SearchOptions")
struct SearchOptionsTests {
  @Test("every option comes back from JSON")
  func roundTrip() throws {
    var options = SearchOptions()
    options.cycles = 7
    options.batchSize = BatchSchedule("250:3,5000")!
    options.batchFactors = BatchFactors(["conv1": 2])
    options.batching = .random
    options.hold = 4
    options.proposal = .template
    options.granularity = .network
    options.order = .input
    options.layers = .forward
    options.parallel = .neuron
    options.selection = .vertex
    options.deviationScale = 0.3
    options.anneal = .none
    options.adapt = .success
    options.annealTo = 0.2
    options.annealCycles = 5
    options.weightDecay = 0
    options.phaseSamples = 20_000
    options.augment = Augmentation(shift: 2, flip: true)
    let json = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(SearchOptions.self, from: json) == options)
  }

  @Test("options that a plan of format 1.0 lacks have their defaults")
  func older() throws {
    let json = """
      {"annealTo":0.1,"batchSize":10,"batching":"cyclic","cycles":4,"sigmaScale":1,"weightDecay":0}
      """
    var expected = SearchOptions()
    expected.cycles = 4
    expected.batchSize = 10
    expected.weightDecay = 0
    #expect(try JSONDecoder().decode(SearchOptions.self, from: Data(json.utf8)) == expected)
  }

  @Test("the JSON of default options has the keys of format 2.0, in the order of the alphabet")
  func defaultJSON() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(SearchOptions()), as: UTF8.self) == """
        {"anneal":"linear","annealTo":0.1,"batchSize":5000,"batching":"cyclic","cycles":50,\
        "granularity":"weight","hold":1,"layers":"backward","order":"output","parallel":"none",\
        "proposal":"gaussian","selection":"best","sigmaScale":1,"weightDecay":0.0001}
        """)
  }

  @Test("options that are not the defaults are in the JSON")
  func changedJSON() throws {
    var options = SearchOptions()
    options.annealCycles = 5
    options.phaseSamples = 300
    options.batchSize = BatchSchedule("20:1,30")!
    options.batchFactors = BatchFactors(["fc": 8])
    options.augment = Augmentation(shift: 2, flip: true)
    options.adapt = .success
    options.loss = .squared
    options.weights = .int8
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(options), as: UTF8.self) == """
        {"adapt":"success","anneal":"linear","annealCycles":5,"annealTo":0.1,\
        "augment":"shift:2,flip","batchFactors":{"fc":8},"batchSize":"20:1,30",\
        "batching":"cyclic","cycles":50,"granularity":"weight","hold":1,"layers":"backward",\
        "loss":"squared","order":"output","parallel":"none","phaseSamples":300,\
        "proposal":"gaussian","selection":"best","sigmaScale":1,"weightDecay":0.0001,\
        "weights":"int8"}
        """)
  }

  @Test("null in the JSON means the default")
  func null() throws {
    let json = #"{"cycles":null,"phaseSamples":null,"loss":null}"#
    #expect(try JSONDecoder().decode(SearchOptions.self, from: Data(json.utf8)) == SearchOptions())
  }

  @Test("an option that is not known is refused by name")
  func unknown() {
    #expect(throws: SearchError.unknownOption("momentum")) {
      try JSONDecoder().decode(SearchOptions.self, from: Data(#"{"momentum":1}"#.utf8))
    }
  }
}
