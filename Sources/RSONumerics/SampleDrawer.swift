/// Draws without replacement from 0 ..< population, again and again: a Fisher-Yates shuffle that
/// stops after the numbers asked for, and is undone. A draw depends on its stream alone, not on the
/// draws before it.
package struct SampleDrawer: Sendable {
  /// 0, 1, 2 ... between draws.
  private var items: [Int32]
  private var partners: [Int32] = []

  package init(population: Int) {
    precondition(population >= 0 && population <= Int(Int32.max))
    items = (0..<population).map { Int32($0) }
  }

  package var population: Int { items.count }

  /// Different numbers of 0 ..< population, in random order.
  ///
  /// *Complexity:* O(count).
  package mutating func draw(_ count: Int, from stream: inout RandomStream) -> [Int32] {
    precondition(count >= 0 && count <= population, "cannot draw \(count) of \(population)")
    partners.removeAll(keepingCapacity: true)
    for place in 0..<count {
      let partner = place + stream.next(below: population - place)
      items.swapAt(place, partner)
      partners.append(Int32(partner))
    }
    let drawn = Array(items[..<count])
    for place in (0..<count).reversed() { items.swapAt(place, Int(partners[place])) }
    return drawn
  }
}
