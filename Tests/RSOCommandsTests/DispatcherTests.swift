import Foundation
import RSOCommands
import Testing

@Suite("The dispatcher")
struct DispatcherTests {
  /// A directory that goes away with the test.
  private struct Sandbox: ~Copyable {
    let path: String

    init() throws {
      path =
        FileManager.default.temporaryDirectory
        .appendingPathComponent("rso-dispatcher-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes a file below the sandbox, its directories too.
    @discardableResult
    func file(_ name: String, mode: Int = 0o755) throws -> String {
      let file = URL(fileURLWithPath: path).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("#!/bin/sh\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
      return file.path
    }
  }

  @Test("finds a verb beside itself, then in libexec, then along PATH")
  func order() throws {
    let sandbox = try Sandbox()
    let executable = try sandbox.file("bin/rso")
    let finder = VerbFinder(executable: executable, path: "\(sandbox.path)/extra")
    let onPath = try sandbox.file("extra/rso-go")
    #expect(finder.program(for: "go") == onPath)
    let inLibexec = try sandbox.file("libexec/rso/rso-go")
    #expect(finder.program(for: "go") == inLibexec)
    let beside = try sandbox.file("bin/rso-go")
    #expect(finder.program(for: "go") == beside)
  }

  @Test("lists each verb once, in alphabetical order, and only programs")
  func list() throws {
    let sandbox = try Sandbox()
    let executable = try sandbox.file("bin/rso")
    try sandbox.file("bin/rso-train")
    try sandbox.file("extra/rso-train")
    try sandbox.file("extra/rso-aid")
    try sandbox.file("extra/rso-notes", mode: 0o644)
    try sandbox.file("extra/rso-")
    try sandbox.file("extra/rso-folder/file")
    let finder = VerbFinder(executable: executable, path: "\(sandbox.path)/extra")
    #expect(finder.verbs() == ["aid", "train"])
  }

  @Test(
    "a broken PATH hides nothing else",
    arguments: ["", ":", "/nowhere", "/etc/passwd", "::/nowhere:\u{1}:~:relative", "/proc/1/fd"])
  func brokenPath(path: String) throws {
    let sandbox = try Sandbox()
    let executable = try sandbox.file("bin/rso")
    try sandbox.file("bin/rso-go")
    let finder = VerbFinder(executable: executable, path: path)
    #expect(finder.verbs().contains("go"))
    #expect(finder.program(for: "missing") == nil)
  }

  @Test(
    "a word that is no verb's name finds no program", arguments: ["", "-x", "../bin/rso-go", "/"])
  func notAVerb(word: String) throws {
    let sandbox = try Sandbox()
    let executable = try sandbox.file("bin/rso")
    try sandbox.file("bin/rso-go")
    #expect(VerbFinder(executable: executable, path: "").program(for: word) == nil)
  }

  @Test("passes the arguments after the verb on")
  func run() throws {
    let sandbox = try Sandbox()
    let program = try sandbox.file("rso-go")
    let dispatcher = Dispatcher(finder: VerbFinder(directories: [sandbox.path]))
    #expect(
      dispatcher.action(for: ["go", "-o", "run"])
        == .run(program: program, inserted: [], firstArgument: 1))
  }

  @Test("'help VERB' asks the verb")
  func helpOfVerb() throws {
    let sandbox = try Sandbox()
    let program = try sandbox.file("rso-go")
    let dispatcher = Dispatcher(finder: VerbFinder(directories: [sandbox.path]))
    #expect(
      dispatcher.action(for: ["help", "go"])
        == .run(program: program, inserted: ["--help"], firstArgument: 2))
  }

  @Test("help describes the verbs that it knows and names those that it does not")
  func help() throws {
    let sandbox = try Sandbox()
    try sandbox.file("rso-train")
    try sandbox.file("rso-go")
    let dispatcher = Dispatcher(finder: VerbFinder(directories: [sandbox.path]))
    for arguments in [["--help"], ["-h"], ["help"]] {
      guard case .answer(let text) = dispatcher.action(for: arguments) else {
        Issue.record("\(arguments) has no answer")
        continue
      }
      #expect(text.contains("  train  Train a network from the beginning."))
      #expect(text.contains("  go     Run rso-go."))
    }
  }

  @Test(
    "an unknown verb is refused with the nearest one",
    arguments: [
      (["og"], "rso: 'og' is not a verb; did you mean 'go'?\nSee 'rso --help'.\n"),
      (["help", "og"], "rso: 'og' is not a verb; did you mean 'go'?\nSee 'rso --help'.\n"),
      (["frobnicate"], "rso: 'frobnicate' is not a verb\nSee 'rso --help'.\n"),
      (["--frobnicate"], "rso: unknown option '--frobnicate'\nSee 'rso --help'.\n"),
    ])
  func unknown(arguments: [String], message: String) throws {
    let sandbox = try Sandbox()
    try sandbox.file("rso-go")
    let dispatcher = Dispatcher(finder: VerbFinder(directories: [sandbox.path]))
    #expect(dispatcher.action(for: arguments) == .refuse(message))
  }

  @Test("a verb of rso's own runs in this process, whatever program bears its name")
  func own() throws {
    let sandbox = try Sandbox()
    try sandbox.file("rso-train")
    let dispatcher = Dispatcher(finder: VerbFinder(directories: [sandbox.path]))
    #expect(
      dispatcher.action(for: ["train", "-o", "run"]) == .verb("train", ["-o", "run"]))
    #expect(dispatcher.action(for: ["help", "train"]) == .verb("train", ["--help"]))
  }

  @Test("without a verb, help is what is refused with")
  func nothing() {
    let dispatcher = Dispatcher(finder: VerbFinder(directories: []))
    guard case .refuse(let text) = dispatcher.action(for: []) else {
      Issue.record("no arguments were not refused")
      return
    }
    #expect(text.contains("USAGE: rso VERB"))
  }

  @Test("tells its version")
  func version() {
    let dispatcher = Dispatcher(finder: VerbFinder(directories: []))
    #expect(dispatcher.action(for: ["--version"]) == .answer("rso \(Version.current)\n"))
  }

  @Test("lists its own verbs for scripts, one in a line")
  func listVerbs() {
    let dispatcher = Dispatcher(finder: VerbFinder(directories: []))
    guard case .answer(let text) = dispatcher.action(for: ["--list-verbs"]) else {
      Issue.record("--list-verbs is not answered")
      return
    }
    let verbs = text.split(separator: "\n")
    #expect(verbs.first == "train" && verbs.contains("diff") && verbs.count == Set(verbs).count)
  }
}
