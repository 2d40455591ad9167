import Foundation
import RSORuns
import RSOSystem
import Synchronization
import Testing

@Suite("Interruption")
struct InterruptionTests {
  /// Statuses with which a process would have been left.
  private final class Exits: Sendable {
    let statuses = Mutex<[Int32]>([])
    func leave(_ status: Int32) { statuses.withLock { $0.append(status) } }
    var all: [Int32] { statuses.withLock { $0 } }
  }

  private func wait(until holds: () -> Bool) {
    let end = Date(timeIntervalSinceNow: 20)
    while !holds(), Date() < end { usleep(1000) }
  }

  @Test("the first signal asks, the second ends the process at once")
  func twice() {
    let exits = Exits()
    let interruption = Interruption(grace: 60, leave: exits.leave)
    #expect(interruption.signal == nil)
    interruption.receive(SIGUSR1)
    #expect(interruption.signal == SIGUSR1 && exits.all.isEmpty)
    interruption.receive(SIGTERM)
    #expect(interruption.signal == SIGUSR1 && exits.all == [128 + SIGTERM])
  }

  @Test("a signal that comes twice at once is one; later it is a second one")
  func echo() {
    let exits = Exits()
    let patient = Interruption(grace: 60, echo: .seconds(60), leave: exits.leave)
    for _ in 0..<3 { patient.receive(SIGTERM) }
    #expect(patient.signal == SIGTERM && exits.all.isEmpty)
    patient.receive(SIGINT)
    #expect(exits.all == [128 + SIGINT])
    let hasty = Interruption(grace: 60, echo: .zero, leave: exits.leave)
    for _ in 0..<2 { hasty.receive(SIGTERM) }
    #expect(exits.all == [128 + SIGINT, 128 + SIGTERM])
  }

  @Test("what does not answer in time is rescued")
  func unanswered() {
    let exits = Exits()
    let rescued = Mutex<[Int32]>([])
    let interruption = Interruption(grace: 0.01, leave: exits.leave)
    interruption.whenUnanswered { signal in rescued.withLock { $0.append(signal) } }
    interruption.receive(SIGHUP)
    wait { rescued.withLock { !$0.isEmpty } }
    #expect(rescued.withLock { $0 } == [SIGHUP] && exits.all.isEmpty)
  }

  @Test("the end of a pipe asks to stop, and is no second signal before or behind one")
  func endOfPipe() throws {
    let exits = Exits()
    func end(_ interruption: Interruption) throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      close(ends[1])
      try interruption.watchEnd(of: ends[0])
    }
    let (patience, hurry) = (Duration.seconds(60), Duration.zero)
    // Behind a signal, however late.
    let behind = Interruption(grace: 60, echo: hurry, leave: exits.leave)
    behind.receive(SIGINT)
    try end(behind)
    // Noticed before a signal that was sent first.
    let before = Interruption(grace: 60, echo: patience, leave: exits.leave)
    try end(before)
    wait { before.signal == SIGTERM }
    before.receive(SIGINT)
    #expect(before.signal == SIGINT && behind.signal == SIGINT && exits.all.isEmpty)
    // From then on it is a signal like any other.
    before.receive(SIGHUP)
    #expect(exits.all == [128 + SIGHUP])
    // Long before a signal.
    let early = Interruption(grace: 60, echo: hurry, leave: exits.leave)
    try end(early)
    wait { early.signal == SIGTERM }
    early.receive(SIGINT)
    #expect(early.signal == SIGTERM && exits.all == [128 + SIGHUP, 128 + SIGINT])
  }

  @Test("the end of a time asks to stop; it is no second signal, and the next signal is the first")
  func endOfTime() throws {
    let exits = Exits()
    let interruption = Interruption(grace: 60, echo: .zero, leave: exits.leave)
    try interruption.watchTime(0.01)
    wait { interruption.signal != nil }
    #expect(interruption.signal == Interruption.timeIsUp)
    interruption.receive(SIGTERM)
    #expect(interruption.signal == SIGTERM && exits.all.isEmpty)
    try interruption.watchTime(0)
    usleep(50_000)
    #expect(interruption.signal == SIGTERM && exits.all.isEmpty)
    interruption.receive(SIGTERM)
    #expect(exits.all == [128 + SIGTERM])
  }

  @Test("the signals at the end of processor time, one every second, count as one")
  func endOfProcessorTime() {
    let exits = Exits()
    let interruption = Interruption(grace: 60, echo: .zero, leave: exits.leave)
    for _ in 0..<3 { interruption.receive(SIGXCPU) }
    #expect(interruption.signal == Interruption.timeIsUp && exits.all.isEmpty)
  }

  @Test("a run that does not stop when its time is over is rescued")
  func timeUnanswered() throws {
    let rescued = Mutex<[Int32]>([])
    let interruption = Interruption(grace: 0.01, leave: { _ in })
    interruption.whenUnanswered { signal in rescued.withLock { $0.append(signal) } }
    try interruption.watchTime(0)
    wait { rescued.withLock { !$0.isEmpty } }
    #expect(rescued.withLock { $0 } == [Interruption.timeIsUp])
  }

  @Test("where there is nothing to rescue, the process ends")
  func nothingToRescue() {
    let exits = Exits()
    let interruption = Interruption(grace: 0.01, leave: exits.leave)
    interruption.receive(SIGINT)
    wait { !exits.all.isEmpty }
    #expect(exits.all == [128 + SIGINT])
  }

  /// Starts the given number of threads, and no more.
  private func threads(_ count: Int) -> Interruption.ThreadStart {
    let left = Mutex(count)
    return { body throws(SystemThread.Failure) in
      let isLeft = left.withLock { left in
        left -= 1
        return left >= 0
      }
      guard isLeft else { throw SystemThread.Failure(code: EAGAIN) }
      try SystemThread.detach(body)
    }
  }

  @Test(
    "where no thread can be made, nothing is watched and the error says what to do",
    arguments: [0, 1])
  func noThread(count: Int) {
    let interruption = Interruption(startThread: threads(count), leave: { _ in })
    let error = RunError.noThread(purpose: "watching for signals", code: EAGAIN)
    #expect(throws: error) { try interruption.watch() }
    #expect(throws: error) { try interruption.watchEnd(of: STDIN_FILENO) }
    #expect(
      "\(error)" == "cannot start a thread for watching for signals: resource temporarily "
        + "unavailable; end other processes, or raise the limit of processes ('ulimit -u', or "
        + "pids.max of the control group)")
  }

  @Test("a signal needs no further thread: all are started before")
  func threadsFirst() throws {
    let exits = Exits()
    let rescued = Mutex<[Int32]>([])
    let interruption = Interruption(grace: 0.01, startThread: threads(2), leave: exits.leave)
    interruption.whenUnanswered { signal in rescued.withLock { $0.append(signal) } }
    try interruption.watch()
    interruption.receive(SIGTERM)
    wait { rescued.withLock { !$0.isEmpty } }
    #expect(rescued.withLock { $0 } == [SIGTERM] && exits.all.isEmpty)
  }

  @Test("without a thread for the grace period, a second signal still ends the process")
  func noGrace() {
    let exits = Exits()
    let interruption = Interruption(grace: 60, startThread: threads(0), leave: exits.leave)
    interruption.receive(SIGTERM)
    #expect(interruption.signal == SIGTERM && exits.all.isEmpty)
    interruption.receive(SIGINT)
    #expect(exits.all == [128 + SIGINT])
  }

  @Test("each signal reaches a process that watches for them")
  func delivery() async {
    await #expect(processExitsWith: .exitCode(5)) {
      var seen: Int32 = 0
      for signal in Interruption.signals {
        // Whatever the tests were started to ignore.
        Foundation.signal(signal, SIG_DFL)
        let interruption = Interruption(grace: 60)
        try interruption.watch()
        kill(getpid(), signal)
        for _ in 0..<5000 where interruption.signal == nil { usleep(1000) }
        if interruption.signal == signal { seen += 1 }
      }
      exit(seen)
    }
  }

  @Test("a second signal ends a process that does nothing about the first")
  func secondSignal() async {
    await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
      for signal in Interruption.signals { Foundation.signal(signal, SIG_DFL) }
      let interruption = Interruption(grace: 60)
      try interruption.watch()
      kill(getpid(), SIGINT)
      for _ in 0..<5000 where interruption.signal == nil { usleep(1000) }
      kill(getpid(), SIGTERM)
      sleep(20)
      exit(1)
    }
  }

  @Test("a signal that the process was started to ignore stays ignored")
  func ignored() async {
    await #expect(processExitsWith: .exitCode(3)) {
      signal(SIGHUP, SIG_IGN)
      let interruption = Interruption(grace: 0.01)
      try interruption.watch()
      kill(getpid(), SIGHUP)
      usleep(200_000)
      exit(interruption.signal == nil ? 3 : 1)
    }
  }
}
