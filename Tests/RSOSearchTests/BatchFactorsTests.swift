import Foundation
import RSOSearch
import Testing

@Suite("BatchFactors")
struct BatchFactorsTests {
  @Test("a layer has its factor, and 1 if it is not named")
  func factors() throws {
    let factors = try #require(BatchFactors("fc:8,conv5:4"))
    #expect(["conv1", "conv5", "fc"].map { factors[$0] } == [1, 4, 8])
    #expect(factors.description == "conv5:4,fc:8")
    #expect(BatchFactors().description == "none" && BatchFactors("none") == BatchFactors())
  }

  @Test("a layer's name may hold a colon")
  func colon() throws {
    #expect(try #require(BatchFactors("a:b:2")).factors == ["a:b": 2])
  }

  @Test("JSON goes both ways")
  func json() throws {
    let factors = BatchFactors(["conv5": 4, "fc": 8])
    let json = try JSONEncoder().encode(factors)
    #expect(try JSONDecoder().decode([String: Int].self, from: json) == ["conv5": 4, "fc": 8])
    #expect(try JSONDecoder().decode(BatchFactors.self, from: json) == factors)
  }

  @Test(
    "what is no list of layers with whole numbers is refused",
    arguments: ["", "fc", "fc:", ":2", "fc:x", "fc:1.5", "fc:2,", "fc:2,fc:3", "4"])
  func refused(text: String) {
    #expect(BatchFactors(text) == nil)
  }
}
