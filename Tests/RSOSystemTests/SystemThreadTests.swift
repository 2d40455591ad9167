import Dispatch
import RSOSystem
import Testing

@Suite("Threads of the system")
struct SystemThreadTests {
  @Test("a thread runs its body")
  func runs() throws {
    let done = DispatchSemaphore(value: 0)
    try SystemThread.detach { done.signal() }
    #expect(done.wait(timeout: .now() + 60) == .success)
  }

  @Test("a thread that the system does not make is an error")
  func refused() {
    // No machine has this much address space.
    #expect(throws: SystemThread.Failure.self) {
      try SystemThread.detach(stackSize: 1 << 56) {}
    }
  }
}
