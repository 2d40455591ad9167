/// Draws without replacement from 0 ..< total, any number of times: a Fisher-Yates shuffle that stops
/// after the wanted numbers and is undone. A draw depends only on its stream, not on earlier draws.
package struct SampleDrawer: Sendable {
  /// 0, 1, 2 ... between draws.
  private var items: [Int32]
  private var partners: [Int32] = []

  package init(total: Int) {
    precondition(total >= 0 && total <= Int(Int32.max))
    items = (0..<total).map { Int32($0) }
  }

  package var total: Int { items.count }

  /// Returns `count` different numbers of 0 ..< total, in random order.
  ///
  /// *Complexity:* O(count).
  package mutating func draw(_ count: Int, from stream: inout RandomStream) -> [Int32] {
    precondition(count >= 0 && count <= total, "cannot draw \(count) of \(total)")
    partners.removeAll(keepingCapacity: true)
    for place in 0..<count {
      let partner = place + stream.next(below: total - place)
      items.swapAt(place, partner)
      partners.append(Int32(partner))
    }
    let drawn = Array(items[..<count])
    for place in (0..<count).reversed() { items.swapAt(place, Int(partners[place])) }
    return drawn
  }
}
