import RSONetworks
import RSOSearch
import Testing

@Suite("Selection")
struct SelectionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var losses: (Double, Double, Double)
    var choice: Choice?
    var loss: Double

    init(_ name: String, _ losses: (Double, Double, Double), _ choice: Choice?, _ loss: Double) {
      testDescription = name
      self.losses = losses
      self.choice = choice
      self.loss = loss
    }
  }

  static let rows = [
    Row("plus improves", (2, 1, 3), .plus, 1),
    Row("minus improves", (2, 3, 1), .minus, 1),
    Row("none improves", (1, 2, 3), .kept, 1),
    Row("both improve, plus more", (3, 1, 2), .plus, 1),
    Row("both improve, minus more", (3, 2, 1), .minus, 1),
    Row("both improve alike", (3, 1, 1), .plus, 1),
    Row("all alike", (1, 1, 1), .kept, 1),
    Row("plus ties", (1, 1, 2), .kept, 1),
    Row("current is not a number", (.nan, 2, 1), .minus, 1),
    Row("current is infinite", (.infinity, 2, 3), .plus, 2),
    Row("plus is not a number", (2, .nan, 1), .minus, 1),
    Row("minus is infinite below", (2, 3, -.infinity), .kept, 2),
    Row("only minus is finite", (.nan, .infinity, 9), .minus, 9),
    Row("none is finite", (.infinity, .nan, -.infinity), nil, 0),
  ]

  @Test("a candidate that is not finite itself is never taken, whatever its loss")
  func values() {
    let address = WeightAddress(layer: 0, kind: .weight, output: 0)
    func choice(_ current: Float, _ plus: Float, _ minus: Float) -> Choice? {
      Selection(
        CandidateLosses(current: 3, plus: 2, minus: 1),
        among: Candidates(address: address, current: current, plus: plus, minus: minus)
      )?.choice
    }
    #expect(choice(0, 1, -1) == .minus)
    #expect(choice(0, 1, -.infinity) == .plus)
    #expect(choice(0, .infinity, .nan) == .kept)
    #expect(choice(.nan, .infinity, -1) == .minus)
    #expect(choice(.nan, .infinity, .nan) == nil)
  }

  @Test("the smallest finite loss wins and a tie keeps the current value", arguments: rows)
  func table(row: Row) {
    let selection = Selection(
      CandidateLosses(current: row.losses.0, plus: row.losses.1, minus: row.losses.2))
    #expect(selection == row.choice.map { Selection(choice: $0, loss: row.loss) })
  }
}
