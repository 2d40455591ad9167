import Foundation
import HDF5
import HDF5Isolation
import TestSupport
import Testing

@Suite struct ContentsProcessTests {
  @Test("a file parsed by the other process has the same contents as in this one")
  func same() throws {
    let file = [UInt8](try Fixtures.data("checkpoints/v1/tiny.h5"))
    let here = try HDF5Contents.extract(from: file, HDF5Contents.Limits(bytes: file.count))
    #expect(try ContentsProcess().contents(of: file).get() == here)
  }

  @Test("libhdf5's reason against a file comes back from the other process")
  func failure() throws {
    let result = try ContentsProcess().contents(of: Array("no HDF5".utf8))
    #expect(throws: HDF5Error.self) { try result.get() }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the program does instead of parsing, in sh.
    var script: String
    var reason: String
  }

  static let rows = [
    Row(
      testDescription: "libhdf5 crashes", script: "kill -SEGV $$",
      reason: "crashed: Segmentation fault"),
    Row(
      testDescription: "libhdf5 aborts after reading", script: "cat >/dev/null; kill -ABRT $$",
      reason: "crashed: Aborted"),
    Row(
      testDescription: "libhdf5 runs in a loop", script: "ulimit -t 1; while :; do :; done",
      reason: "took too long, or too much memory"),
    Row(
      testDescription: "libhdf5 answers without end", script: "cat >/dev/null; exec yes",
      reason: "took too long, or too much memory"),
    Row(
      testDescription: "the program gives up", script: "cat >/dev/null; exit 71",
      reason: "gave up with status 71"),
  ]

  @Test("a crash of libhdf5 is an error about the file, and ends no other process", arguments: rows)
  func crash(row: Row) throws {
    try Self.withProgram(row.script) { program in
      let error = try #require(throws: ContentsProcessError.self) {
        _ = try ContentsProcess(program: program).contents(
          of: [UInt8](repeating: 1, count: 1 << 20))
      }
      #expect(error == .gaveUp(reason: row.reason))
      #expect(error.description == "content is hostile or damaged: libhdf5 \(row.reason)")
    }
  }

  @Test("a program that is missing, or of another version, is told from a bad file")
  func program() throws {
    let none = try #require(throws: ContentsProcessError.self) {
      _ = try ContentsProcess(program: "/no/such").contents(of: [1])
    }
    #expect(
      none.description == "cannot run '/no/such', which parses HDF5 files: "
        + "no such file or directory; install rso again")
    try Self.withProgram("cat >/dev/null; echo rso contents 2") { program in
      #expect(
        throws: ContentsProcessError.noProgram(path: program, reason: "it is of another version")
      ) { _ = try ContentsProcess(program: program).contents(of: [1]) }
    }
  }

  private static func withProgram(_ script: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rso-contents-\(UUID().uuidString)").path
    // Written by another process: one that this one starts meanwhile, for another test, could still
    // have it open for writing, and then it would not run.
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = [
      "-c", #"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#, "sh", script, path,
    ]
    try writer.run()
    writer.waitUntilExit()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
