import RSOSystem
import Testing

@Suite("Work that threads share")
struct ParallelWorkTests {
  @Test("results are in the order of the pieces", arguments: [1, 2, 5], [0, 1, 3, 100])
  func order(threads: Int, count: Int) {
    var calls = 0
    let results = ParallelWork.results(
      count, threads: threads, of: { $0 * $0 }, meanwhile: { calls += 1 })
    #expect(results == (0..<count).map { $0 * $0 })
    #expect(calls == 1)
  }
}
