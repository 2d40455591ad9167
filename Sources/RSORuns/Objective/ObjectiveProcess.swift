import RSONetworks
import RSONumerics
import RSOSearch
import RSOSystem
import Synchronization

/// A program of the user's that computes an objective as long as a run lasts, by the protocol of
/// rso-objective(5).
///
/// Targets are sent when a minibatch comes first, and once more if another has taken its place in the rotation.
///
/// A class by nature: it stands for a process. Several evaluators may share it: one request at a time.
package final class ObjectiveProcess: ObjectiveProgram {
  /// The limits and circumstances of a conversation with a program.
  package struct Settings: Sendable {
    /// Seconds that the program has for each message.
    package var timeout = 60.0
    /// The text that names this version of rso: `rso 1.2.0`.
    package var version: String
    /// Asked while the program is waited for. True gives up.
    package var isStopped: @Sendable () -> Bool

    package init(
      timeout: Double = 60, version: String, isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
      self.timeout = timeout
      self.version = version
      self.isStopped = isStopped
    }
  }

  /// Seconds that the program has for ending by itself at the end.
  private static let grace = 5.0
  /// Bytes that the system is asked to keep between the processes.
  private static let bufferSize: Int32 = 1 << 20

  private let command: String
  private let settings: Settings
  private let child: ChildProcess
  private let state = Mutex(State())

  private struct State {
    /// The samples whose targets the program has, by their number.
    var known: [UInt32: [Int32]] = [:]
    var failure: ObjectiveError?
    var hasEnded = false
  }

  /// Starts the program and exchanges greetings.
  ///
  /// *Throws:* `ObjectiveError`.
  package init(
    _ command: ObjectiveCommand, task: LearningTask, outputs: Int, settings: Settings
  ) throws(ObjectiveError) {
    self.command = command.command
    self.settings = settings
    let words = (try? CommandWords.split(command.command)) ?? [command.command]
    do throws(SystemError) {
      child = try ChildProcess(
        words[0], Array(words.dropFirst()), streams: [.input, .output, .sharedErrors])
    } catch {
      throw .cannotStart(command: command.command, program: words[0], error)
    }
    child.enlargeBuffers(to: Self.bufferSize)
    do throws(ObjectiveError) {
      try greet(task, outputs: outputs)
    } catch {
      throw state.withLock { close(&$0, because: error) }
    }
  }

  deinit { end() }

  package var failure: (any Error)? { state.withLock { $0.failure } }

  package func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    state.withLock { state in
      if state.failure == nil, !state.hasEnded {
        do throws(ObjectiveError) {
          return try ask(candidates, samples, &state)
        } catch {
          state.failure = close(&state, because: error)
        }
      }
      return [Double](repeating: .nan, count: candidates.count)
    }
  }

  /// Closes the program's standard input and waits until it has ended; after some seconds it is ended.
  package func end() {
    state.withLock { state in
      guard !state.hasEnded else { return }
      state.hasEnded = true
      child.endGroup(after: Self.grace)
    }
  }

  /// Ends the program and what it has started, at once, even while it is waited for.
  package func kill() { child.killGroup() }

  /// Ends the program after an error. Returns the error; for a closed stream, the end of the program if it has
  /// ended by itself.
  private func close(_ state: inout State, because error: ObjectiveError) -> ObjectiveError {
    state.hasEnded = true
    guard case .closed(let command, let stage, _) = error else {
      child.endGroup(after: 0.2)
      return error
    }
    return child.endGroup(after: 1).map { .ended(command: command, during: stage, $0) } ?? error
  }

  // MARK: Messages

  private func greet(_ task: LearningTask, outputs: Int) throws(ObjectiveError) {
    let greeting = ObjectiveMessages.greeting(task: task, outputs: outputs, rso: settings.version)
    var answer = [UInt8](repeating: 0, count: ObjectiveMessages.greetingSize)
    do throws(ChildProcess.Break) {
      let patience = patience
      try send(greeting, patience)
      try receive(&answer, patience)
    } catch {
      throw problem(error, during: .greeting)
    }
    guard let version = ObjectiveMessages.version(in: answer) else {
      throw .badGreeting(command: command, found: String(decoding: answer, as: UTF8.self))
    }
    guard version == ObjectiveMessages.version else {
      throw .otherVersion(command: command, version: version)
    }
    if child.hasUnreadOutput { throw .extraBytes(command: command) }
  }

  private func ask(
    _ candidates: [UnsafeBufferPointer<Float>], _ samples: ObjectiveSamples, _ state: inout State
  ) throws(ObjectiveError) -> [Double] {
    if child.hasUnreadOutput { throw .extraBytes(command: command) }
    var answer = [UInt8](repeating: 0, count: candidates.count * MemoryLayout<Double>.size)
    do throws(ChildProcess.Break) {
      let patience = patience
      let (kind, number) = ObjectiveMessages.place(of: samples.purpose)
      if state.known[number] != samples.indices {
        let targets = ObjectiveMessages.targets(of: samples)
        try send(
          ObjectiveMessages.header(
            .targets, number: number, samples: samples.indices.count, candidates: 0,
            following: targets.count) + targets, patience)
        state.known[number] = samples.indices
      }
      try send(
        ObjectiveMessages.header(
          kind, number: number, samples: samples.indices.count, candidates: candidates.count,
          following: candidates.reduce(0) { $0 + $1.count * MemoryLayout<Float>.size }), patience)
      for outputs in candidates { try child.send(UnsafeRawBufferPointer(outputs), patience) }
      try receive(&answer, patience)
    } catch {
      throw problem(error, during: .answer)
    }
    if child.hasUnreadOutput { throw .extraBytes(command: command) }
    let values = ObjectiveMessages.values(in: answer)
    if let value = values.first(where: { !$0.isFinite }) {
      throw .notFinite(command: command, answer: value)
    }
    return values
  }

  private var patience: ChildProcess.Patience {
    ChildProcess.Patience(seconds: settings.timeout, isStopped: settings.isStopped)
  }

  private func send(
    _ bytes: [UInt8], _ patience: ChildProcess.Patience
  ) throws(ChildProcess.Break) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(ChildProcess.Break) in try child.send(bytes, patience) }
    }.get()
  }

  private func receive(
    _ bytes: inout [UInt8], _ patience: ChildProcess.Patience
  ) throws(ChildProcess.Break) {
    try bytes.withUnsafeMutableBytes { bytes in
      Result { () throws(ChildProcess.Break) in try child.receive(into: bytes, patience) }
    }.get()
  }

  private func problem(
    _ broken: ChildProcess.Break, during stage: ObjectiveError.Stage
  ) -> ObjectiveError {
    switch broken {
    case .closedInput: .closed(command: command, during: stage, .input)
    case .closedOutput: .closed(command: command, during: stage, .output)
    case .timedOut: .silent(command: command, during: stage, seconds: settings.timeout)
    case .stopped: .stopped
    }
  }
}
