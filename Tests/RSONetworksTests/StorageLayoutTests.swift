import RSONetworks
import RSONumerics
import Testing

@Suite("StorageLayout")
struct StorageLayoutTests {
  @Test("buffers that are held at the same time share nothing, and lie in their slabs")
  func apart() {
    var random = RandomKey(seed: 5, purpose: .minibatch).stream(1)
    var layout = StorageLayout()
    var held: [(place: StorageLayout.Place, count: Int)] = []
    for _ in 0..<2000 {
      if held.count == 12 || (!held.isEmpty && random.next(below: 3) == 0) {
        layout.put(held.remove(at: random.next(below: held.count)).place)
        continue
      }
      let count = random.next(below: 1 << (4 + random.next(below: 12)))
      let place = layout.take(count)
      #expect(place.range.count >= count)
      #expect(place.range.upperBound <= layout.slabs[place.slab] ?? 0)
      for other in held where other.place.slab == place.slab {
        #expect(!other.place.range.overlaps(place.range))
      }
      held.append((place, count))
    }
  }

  @Test("what is prepared for fits into one slab, which serves whoever needs less")
  func prepared() throws {
    var layout = StorageLayout()
    layout.prepare(for: [100_000, 5000, 70_000])
    let slab = try #require(layout.slabs.keys.first)
    let first = [100_000, 5000, 70_000].map { layout.take($0) }
    #expect(first.allSatisfy { $0.slab == slab })
    // While something is held, nothing moves.
    layout.prepare(for: [1_000_000])
    #expect(layout.slabs.keys.sorted() == [slab])
    for place in first { layout.put(place) }
    layout.prepare(for: [60_000, 60_000])
    #expect([60_000, 60_000].map { layout.take($0).slab } == [slab, slab])
  }

  @Test("several slabs become one that is as large, as soon as nothing is held")
  func joined() {
    var layout = StorageLayout()
    let places = [10_240, 20_480, 40_960].map { layout.take($0) }
    #expect(layout.slabs.count == 3 && layout.count == 71_680)
    for place in places { layout.put(place) }
    _ = layout.take(50_000)
    #expect(layout.slabs.count == 1 && layout.count == 71_680)
  }

  @Test(
    "a slab is larger than the limit only for a larger buffer; buffers fill slabs in their order")
  func limit() {
    var layout = StorageLayout(largest: 4096)
    let counts = [1024, 2048, 2048, 8192, 1024]
    for _ in 0..<2 {
      layout.prepare(for: counts)
      #expect(layout.slabs.values.sorted() == [1024, 2048, 3072, 8192])
      let places = counts.map { layout.take($0) }
      #expect(layout.count == counts.reduce(0, +))
      #expect(Set(places).count == counts.count)
      for place in places { layout.put(place) }
    }
    // Without a plan, a buffer gets a slab of its own.
    var other = StorageLayout(largest: 4096)
    let held = (0..<3).map { _ in other.take(3072) }
    #expect(Set(held.map(\.slab)).count == 3)
  }
}
