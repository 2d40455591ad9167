import RSORuns
import Testing

@Suite("SavePolicy")
struct SavePolicyTests {
  @Test("a save is due an interval after the last one")
  func interval() {
    var policy = SavePolicy(interval: 60, now: 100)
    #expect(!policy.isDue(at: 159.9) && policy.isDue(at: 160))
    policy.saved(at: 170)
    #expect(!policy.isDue(at: 229) && policy.isDue(at: 230))
  }

  @Test("after a failure the waits double up to a limit, and a success ends them")
  func backOff() {
    var policy = SavePolicy(interval: 60, now: 0)
    let waits = (0..<9).map { _ in policy.failed(at: 1000) }
    #expect(waits == [5, 10, 20, 40, 80, 160, 300, 300, 300])
    #expect(!policy.isDue(at: 1299) && policy.isDue(at: 1300))
    policy.saved(at: 1300)
    #expect(!policy.isDue(at: 1359))
    #expect(policy.failed(at: 1360) == 5)
  }
}
