import Foundation
import RSORuns
import RSOSystem
import Synchronization

/// Does the runs of a sweep, some at a time, each in a program of its own.
///
/// A class, and safe to use from any thread: each job has one.
final class SweepRunner: Sendable {
  /// A run that did not come to its end by itself.
  struct Failure: Sendable {
    var run: SweepRun
    var status: Int32
  }

  private struct State {
    var runs: [SweepRun]
    /// Runs that nobody has taken yet, the next one last.
    var waiting: [Int]
    /// The processes at work.
    var processes: Set<Int32> = []
    var failures: [Failure] = []
    var stoppedBy: Int32?
  }

  /// For how long a run that another process holds is waited for: one that a killed sweep has left
  /// behind is about to end.
  private static let patience = 60.0

  private let program: SweepProgram
  private let jobs: Int
  private let threads: Int
  private let isQuiet: Bool
  private let state: Mutex<State>
  private let telling = Mutex(())
  private let begun = Date()
  private let changed: @Sendable ([SweepRun]) -> Void
  private let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - threads: To be shared among the jobs.
  ///   - changed: Told of all runs when one has ended.
  ///   - say: Tells people how it goes.
  init(
    _ runs: [SweepRun], program: SweepProgram, jobs: Int, threads: Int, isQuiet: Bool,
    changed: @escaping @Sendable ([SweepRun]) -> Void, say: @escaping @Sendable (String) -> Void
  ) {
    let waiting = runs.indices.filter { !runs[$0].isFinished }
    self.program = program
    self.jobs = max(1, min(jobs, waiting.count))
    self.threads = threads
    self.isQuiet = isQuiet
    self.changed = changed
    self.say = say
    state = Mutex(State(runs: runs, waiting: waiting.reversed()))
  }

  /// Does what is left to do, until it is done or a signal comes.
  ///
  /// - Parameter interruption: The signal that asks to stop.
  func run(interruption: @Sendable () -> Int32?) -> (runs: [SweepRun], failures: [Failure]) {
    let group = DispatchGroup()
    for job in 0..<jobs {
      group.enter()
      Thread.detachNewThread { [self] in
        while let index = next() { work(on: index, threads: share(of: job)) }
        group.leave()
      }
    }
    while group.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if let signal = interruption() { stop(signal) }
    }
    return state.withLock { ($0.runs, $0.failures) }
  }

  /// Passes a signal on, once; no further run is begun.
  private func stop(_ signal: Int32) {
    state.withLock { state in
      guard state.stoppedBy == nil else { return }
      state.stoppedBy = signal
      Self.send(signal, to: state.processes)
    }
  }

  /// A run ignores SIGPIPE, as it must.
  private static func send(_ signal: Int32, to processes: Set<Int32>) {
    for process in processes { kill(process, signal == SIGPIPE ? SIGTERM : signal) }
  }

  private func share(of job: Int) -> Int {
    max(1, threads / jobs + (job < threads % jobs ? 1 : 0))
  }

  private func next() -> Int? {
    state.withLock { $0.stoppedBy == nil ? $0.waiting.popLast() : nil }
  }

  private func work(on index: Int, threads: Int) {
    var run = state.withLock { $0.runs[index] }
    var status = start(run, threads: threads, isRepeated: false)
    while status == ExitStatus.busy, -begun.timeIntervalSinceNow < Self.patience,
      state.withLock({ $0.stoppedBy == nil })
    {
      Thread.sleep(forTimeInterval: 0.5)
      // Whoever held it may have begun it.
      run.checkpoint = (try? SweepRun.newest(in: run.path)) ?? run.checkpoint
      status = start(run, threads: threads, isRepeated: true)
    }
    run.checkpoint = (try? SweepRun.newest(in: run.path)) ?? run.checkpoint
    state.withLock { state in
      state.runs[index] = run
      if status != 0, state.stoppedBy == nil {
        state.failures.append(Failure(run: run, status: status))
      }
    }
    // One after the other, so that what is told last is the newest.
    let runs = telling.withLock { _ in
      let runs = state.withLock { $0.runs }
      changed(runs)
      return runs
    }
    let finished = runs.count { $0.isFinished }
    if status == 0, !isQuiet {
      say("\(run.label): finished; \(finished) of \(runs.count) runs are")
    }
  }

  /// - Parameter isRepeated: Whether it has been said already that the run is in use.
  ///
  /// - Returns: The exit status.
  private func start(_ run: SweepRun, threads: Int, isRepeated: Bool) -> Int32 {
    let (program, arguments) = program.command(for: run, threads: threads, isQuiet: isQuiet)
    do {
      let child = try ChildProcess(program, arguments, streams: [.input, .errors])
      state.withLock { state in
        state.processes.insert(child.process)
        // One that was started while the signal came.
        if let signal = state.stoppedBy { Self.send(signal, to: [child.process]) }
      }
      child.eachErrorLine { line in
        if !isRepeated || !line.contains(" is in use") { say("\(run.label): \(line)") }
      }
      child.waitForEnd()
      return state.withLock { state in
        state.processes.remove(child.process)
        return child.reap().shellStatus
      }
    } catch {
      say("\(run.label): \(error)")
      return ExitStatus.cannotRun
    }
  }
}
