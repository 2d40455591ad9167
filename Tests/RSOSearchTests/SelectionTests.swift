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

  /// What a rule chooses of these losses, and what it asks for.
  private func select(
    _ rule: SelectionRule, _ losses: (Double, Double, Double), known: Double? = nil,
    isFinite: (Choice) -> Bool = { _ in true }
  ) -> (selection: Selection?, asked: [[Choice]]) {
    var asked: [[Choice]] = []
    let all = [losses.0, losses.1, losses.2]
    let selection = rule.select(known: known, isFinite: isFinite) { choices in
      asked.append(choices)
      return choices.map { all[$0.rawValue] }
    }
    return (selection, asked)
  }

  @Test("the smallest finite loss wins and a tie keeps the current value", arguments: rows)
  func table(row: Row) {
    let (selection, asked) = select(.best, row.losses)
    #expect(selection == row.choice.map { Selection(choice: $0, loss: row.loss, evaluations: 3) })
    #expect(asked == [[.kept, .plus, .minus]])
  }

  @Test("a candidate that is not finite itself is never taken, whatever its loss")
  func values() {
    func choice(_ finite: Choice...) -> Choice? {
      select(.best, (3, 2, 1)) { finite.contains($0) }.selection?.choice
    }
    #expect(choice(.kept, .plus, .minus) == .minus)
    #expect(choice(.kept, .plus) == .plus)
    #expect(choice(.kept) == .kept)
    #expect(choice(.minus) == .minus)
    #expect(choice() == nil)
  }

  @Test("a known current loss is not evaluated")
  func known() {
    let (selection, asked) = select(.best, (.nan, 2, 3), known: 1)
    #expect(selection == Selection(choice: .kept, loss: 1, evaluations: 2))
    #expect(asked == [[.plus, .minus]])
  }

  @Test(
    "the first that improves is taken, and minus is evaluated only where plus does not",
    arguments: [
      ((2, 1, 0), Choice.plus, 1, [[Choice.kept, .plus]]),
      ((2, 3, 1), .minus, 1, [[.kept, .plus], [.minus]]),
      ((2, 2, 3), .kept, 2, [[.kept, .plus], [.minus]]),
      ((2, .nan, 1), .minus, 1, [[.kept, .plus], [.minus]]),
      ((.nan, 3, 1), .plus, 3, [[.kept, .plus]]),
    ] as [((Double, Double, Double), Choice, Double, [[Choice]])])
  func first(losses: (Double, Double, Double), choice: Choice, loss: Double, asked: [[Choice]]) {
    let found = select(.first, losses)
    #expect(
      found.selection
        == Selection(choice: choice, loss: loss, evaluations: asked.reduce(0) { $0 + $1.count }))
    #expect(found.asked == asked)
  }

  @Test("of a held minibatch the first rule evaluates one loss, or two")
  func firstKnown() {
    #expect(select(.first, (.nan, 1, 0), known: 2).asked == [[.plus]])
    #expect(select(.first, (.nan, 3, 0), known: 2).asked == [[.plus], [.minus]])
  }

  @Test(
    "the vertex of the parabola is taken where it lies within, and the best elsewhere",
    arguments: [
      // (t - 0.25)^2 at 0, 1, -1.
      ("inside", (0.0625, 0.5625, 1.5625), 0.25, Choice.plus, 0.0625),
      ("on the other side", (0.25, 2.25, 0.25), -0.5, .minus, 0.25),
      ("at the current value", (1, 2, 2), 0, .kept, 1),
      ("beyond plus", (4, 1, 9), 1, .plus, 1),
      ("at minus", (1, 4, 0), -1, .minus, 0),
      ("a hill", (2, 1, 0), -1, .minus, 0),
      ("a plain", (1, 1, 1), 0, .kept, 1),
      ("no number", (1, .nan, 0.5), -1, .minus, 0.5),
    ] as [(String, (Double, Double, Double), Double, Choice, Double)])
  func vertex(
    name: String, losses: (Double, Double, Double), fraction: Double, choice: Choice, loss: Double
  ) {
    let selection = select(.vertex, losses).selection
    #expect(
      selection == Selection(choice: choice, fraction: fraction, loss: loss, evaluations: 3))
    #expect(selection?.isMeasured == [0, 1, -1].contains(fraction))
  }
}
