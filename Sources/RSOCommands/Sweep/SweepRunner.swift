import Glibc
import RSORuns
import RSOSystem
import Synchronization

/// Trains the runs of a sweep, several at a time, each in a separate process.
///
/// A class that is safe to use from any thread: each job has a thread.
final class SweepRunner: Sendable {
  /// A run that ended with a status other than 0.
  struct Failure: Sendable {
    var run: SweepRun
    var status: Int32
  }

  private struct State {
    var runs: [SweepRun]
    /// Indices of runs that no job has taken yet; the next one is last.
    var waiting: [Int]
    /// Indices of runs that a job trains, and of those that ended without being finished.
    var running: Set<Int> = []
    var stopped: Set<Int> = []
    /// Running processes.
    var processes: Set<Int32> = []
    /// Jobs that have not ended.
    var jobs = 0
    var failures: [Failure] = []
    var stoppedBy: Int32?
  }

  /// The longest wait, in seconds, for a run that another process has locked. A run that a killed
  /// sweep has left ends soon.
  private static let patience = 60.0
  /// Seconds from one call of `show` to the next.
  private static let interval = 0.5

  private let program: SweepProgram
  private let jobs: Int
  private let threads: Int
  private let isQuiet: Bool
  private let state: Mutex<State>
  private let telling = Mutex(())
  private let begun = RunClock.system.elapsed()
  private let startThread: Interruption.ThreadStart
  private let changed: @Sendable ([SweepRun]) -> Void
  private let show: @Sendable ([SweepRun], _ running: Set<Int>, _ stopped: Set<Int>) -> Void
  private let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - jobs: The number of runs at a time.
  ///   - threads: The threads that the jobs share.
  ///   - startThread: Starts the thread of a job.
  ///   - changed: Gets all runs whenever one has ended.
  ///   - show: Gets all runs twice a second, and the indices of those that are trained and of those that have
  ///     ended without being finished.
  ///   - say: Gets lines about the progress.
  init(
    _ runs: [SweepRun], program: SweepProgram, jobs: Int, threads: Int, isQuiet: Bool,
    startThread: @escaping Interruption.ThreadStart = { body throws(SystemThread.Failure) in
      try SystemThread.detach(body)
    },
    changed: @escaping @Sendable ([SweepRun]) -> Void,
    show: @escaping @Sendable ([SweepRun], _ running: Set<Int>, _ stopped: Set<Int>) -> Void,
    say: @escaping @Sendable (String) -> Void
  ) {
    let waiting = runs.indices.filter { !runs[$0].isFinished }
    self.program = program
    self.jobs = max(1, min(jobs, waiting.count))
    self.threads = threads
    self.isQuiet = isQuiet
    self.startThread = startThread
    self.changed = changed
    self.show = show
    self.say = say
    state = Mutex(State(runs: runs, waiting: waiting.reversed()))
  }

  /// Does the runs that are not finished, until all are done or a signal comes.
  ///
  /// If the system makes fewer threads than there are jobs, fewer runs are done at a time.
  ///
  /// - Parameter interruption: Returns the signal that asks to stop.
  ///
  /// *Throws:* `RunError.noThread` if not one job can be started.
  func run(
    interruption: @Sendable () -> Int32?
  ) throws -> (runs: [SweepRun], failures: [Failure]) {
    try startJobs()
    var shown = -Double.infinity
    while state.withLock({ $0.jobs > 0 }) {
      let now = RunClock.system.elapsed()
      if now - shown >= Self.interval {
        shown = now
        let (runs, running, stopped) = state.withLock { ($0.runs, $0.running, $0.stopped) }
        show(runs, running, stopped)
      }
      usleep(10_000)
      if let signal = interruption() { stop(signal) }
    }
    return state.withLock { ($0.runs, $0.failures) }
  }

  private func startJobs() throws {
    for job in 0..<jobs {
      state.withLock { $0.jobs += 1 }
      do {
        try startThread { [self] in
          while let index = next() { work(on: index, threads: share(of: job)) }
          state.withLock { $0.jobs -= 1 }
        }
      } catch {
        state.withLock { $0.jobs -= 1 }
        guard job > 0 else { throw RunError.noThread(purpose: "a job", code: error.code) }
        say("warning: \(job) of \(jobs) jobs could be started; continuing with \(job)")
        return
      }
    }
  }

  /// Passes a signal on, once. No further run is started.
  private func stop(_ signal: Int32) {
    state.withLock { state in
      guard state.stoppedBy == nil else { return }
      state.stoppedBy = signal
      Self.send(signal, to: state.processes)
    }
  }

  /// Sends a signal to processes. A run ignores SIGPIPE, and no signal says that the time is over, so it
  /// gets SIGTERM instead.
  private static func send(_ signal: Int32, to processes: Set<Int32>) {
    let isOwn = signal == SIGPIPE || signal == Interruption.timeIsUp
    for process in processes { kill(process, isOwn ? SIGTERM : signal) }
  }

  private func share(of job: Int) -> Int {
    max(1, threads / jobs + (job < threads % jobs ? 1 : 0))
  }

  private func next() -> Int? {
    state.withLock { $0.stoppedBy == nil ? $0.waiting.popLast() : nil }
  }

  private func work(on index: Int, threads: Int) {
    var run = state.withLock { state in
      state.running.insert(index)
      return state.runs[index]
    }
    var status = start(run, threads: threads)
    while status == ExitStatus.busy, waitUntilFree(run) {
      // The process that held the run may have begun it.
      run.checkpoint = (try? SweepRun.newest(in: run.path)) ?? run.checkpoint
      status = start(run, threads: threads)
    }
    run.checkpoint = (try? SweepRun.newest(in: run.path)) ?? run.checkpoint
    finish(index, run, status: status)
  }

  /// Waits for the process that holds a run. Returns false if the wait was too long, or the sweep is to
  /// stop.
  private func waitUntilFree(_ run: SweepRun) -> Bool {
    while RunClock.system.elapsed() - begun < Self.patience,
      state.withLock({ $0.stoppedBy == nil })
    {
      usleep(500_000)
      if !RunDirectory.isInUse(at: run.path) { return true }
    }
    return false
  }

  private func finish(_ index: Int, _ run: SweepRun, status: Int32) {
    state.withLock { state in
      state.runs[index] = run
      state.running.remove(index)
      if !run.isFinished { state.stopped.insert(index) }
      if status != 0, state.stoppedBy == nil {
        state.failures.append(Failure(run: run, status: status))
      }
    }
    // One at a time, so that the last report is the newest.
    let runs = telling.withLock { _ in
      let runs = state.withLock { $0.runs }
      changed(runs)
      return runs
    }
    let finished = runs.count { $0.isFinished }
    if status == 0, !isQuiet {
      say("\(run.label): finished (\(finished) of \(runs.count) runs)")
    }
  }

  /// Runs the program, and returns its exit status.
  private func start(_ run: SweepRun, threads: Int) -> Int32 {
    let (program, arguments) = program.command(for: run, threads: threads, isQuiet: isQuiet)
    do {
      let child = try ChildProcess(program, arguments, streams: [.input, .errors])
      state.withLock { state in
        state.processes.insert(child.process)
        // A signal may have come while it was started.
        if let signal = state.stoppedBy { Self.send(signal, to: [child.process]) }
      }
      child.eachErrorLine { say("\(run.label): \($0)") }
      child.waitForEnd()
      return state.withLock { state in
        state.processes.remove(child.process)
        return child.reap().shellStatus
      }
    } catch {
      say("\(run.label): \(reason(error))")
      return ExitStatus.cannotRun
    }
  }
}
