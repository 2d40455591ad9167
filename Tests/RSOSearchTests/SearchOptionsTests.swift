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
    options.sigmaScale = 0.3
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

  @Test("options of a plan of format 1.0 are as usual where it has none")
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

  @Test("an option that is not known is refused by name")
  func unknown() {
    #expect(throws: SearchError.unknownOption("momentum")) {
      try JSONDecoder().decode(SearchOptions.self, from: Data(#"{"momentum":1}"#.utf8))
    }
  }
}
