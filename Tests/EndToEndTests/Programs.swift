import Foundation
import Testing

/// How a program ended.
struct Outcome: Sendable {
  /// The exit status, or 128 + the signal that killed it, as a shell counts.
  var status: Int32
  /// The signal that killed it, if it did not exit by itself.
  var signal: Int32?
  var output: String
  var errors: String
}

/// The programs that were built with these tests.
enum Programs {
  /// The build directory: test runner and programs stand side by side.
  static let directory = URL(fileURLWithPath: Bundle.main.executablePath ?? "/")
    .deletingLastPathComponent()

  static func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  /// Runs `rso` with `arguments` to its end.
  static func rso(
    _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await run(path("rso"), arguments, in: directory, environment: environment)
  }

  static func run(
    _ program: String, _ arguments: [String], in directory: URL? = nil,
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    let running = try RunningProgram(
      program, arguments, in: directory, environment: environment)
    return try await running.end()
  }
}

/// A program that was started.
final class RunningProgram: Sendable {
  struct TooSlow: Error {
    var command: String
  }

  private let process = Process()
  private let output: URL
  private let errors: URL
  private let command: String

  init(
    _ program: String, _ arguments: [String], in directory: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    let files = FileManager.default.temporaryDirectory
    let name = "rso-test-\(UUID().uuidString)"
    output = files.appendingPathComponent(name + ".out")
    errors = files.appendingPathComponent(name + ".err")
    command = ([program] + arguments).joined(separator: " ")
    for file in [output, errors] { try Data().write(to: file) }
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = directory }
    // What the caller's environment says of data must not decide a test.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["RSO_DATA": ""], uniquingKeysWith: { $1 })
      .merging(environment, uniquingKeysWith: { $1 })
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try Self.withSignalsUnblocked { try process.run() }
  }

  /// Threads of the task pool block signals, and a program inherits that from the thread that starts
  /// it.
  private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  deinit {
    if process.isRunning { send(SIGKILL) }
    try? FileManager.default.removeItem(at: output)
    try? FileManager.default.removeItem(at: errors)
  }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What was written to standard error so far.
  var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

  func end(within seconds: Double = 120) async throws -> Outcome {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning {
      guard Date() < deadline else {
        send(SIGKILL)
        throw TooSlow(command: command)
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let killed = process.terminationReason == .uncaughtSignal
    let status = process.terminationStatus
    return Outcome(
      status: killed ? 128 + status : status, signal: killed ? status : nil,
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Waits until `condition` holds while the program runs; false if it ended first. The thread waits, too: a task that
  /// sleeps may get a thread again only after a short run has ended.
  func runs(until condition: () -> Bool) async throws -> Bool {
    let deadline = Date(timeIntervalSinceNow: 60)
    while !condition() {
      guard process.isRunning else { return false }
      guard Date() < deadline else { throw TooSlow(command: command) }
      usleep(2000)
    }
    return process.isRunning
  }
}
